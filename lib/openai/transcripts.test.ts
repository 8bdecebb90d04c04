import { expect, test } from 'vitest'
import { readTranscripts } from './transcripts'

const lines = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join('\n')
const chat = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hello' },
] as const

test('default: pairs, with and without a prompt', () => {
  expect(readTranscripts(`${lines({ prompt: 'Once', answer: ' upon' }, { answer: 'a time' })}\n\n`)).toEqual([
    { prompt: 'Once', answer: ' upon' },
    { prompt: '', answer: 'a time' },
  ])
})

test('default: conversations that end with an answer', () => {
  expect(readTranscripts(lines({ messages: [...chat, { role: 'assistant', content: 'Hi' }] }))).toEqual([
    { prompt: chat, answer: 'Hi' },
  ])
})

test('default: requests and responses as a gateway records them', () => {
  const completed = { request: { model: 'm', prompt: 'Once' }, response: { choices: [{ text: ' upon' }] } }
  const chatted = {
    request: { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }] },
    response: { choices: [{ message: { role: 'assistant', content: 'Hi' } }] },
  }
  expect(readTranscripts(lines(completed, chatted))).toEqual([
    { prompt: 'Once', answer: ' upon' },
    { prompt: [{ role: 'user', content: 'Hello' }], answer: 'Hi' },
  ])
})

test.each([
  ['{"prompt": "Once"}'],
  ['not JSON'],
  ['{"messages": [{"role": "user", "content": "Hello"}]}'],
  ['{"request": {"prompt": "Once"}, "response": {"choices": []}}'],
])('error: %s', (line) => {
  expect(() => readTranscripts(`${lines({ answer: 'a' })}\n${line}`)).toThrow(
    expect.objectContaining({ code: 'openai.transcript-invalid', facts: { line: 2, text: line } }),
  )
})
