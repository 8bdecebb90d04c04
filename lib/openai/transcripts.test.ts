import { expect, test } from 'vitest'
import { readTranscripts } from './transcripts'

const lines = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join('\n')
const chat = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hello' },
] as const

test('default: pairs, with and without a prompt', () => {
  expect(readTranscripts(`${lines({ prompt: 'Once', answer: ' upon' }, { answer: 'a time' })}\n\n`)).toEqual([
    { prompt: 'Once', answer: ' upon', shown: [] },
    { prompt: '', answer: 'a time', shown: [] },
  ])
})

test('default: conversations that end with an answer', () => {
  expect(readTranscripts(lines({ messages: [...chat, { role: 'assistant', content: 'Hi' }] }))).toEqual([
    { prompt: chat, answer: 'Hi', shown: [] },
  ])
})

test('default: requests and responses as a gateway records them', () => {
  const completed = { request: { model: 'm', prompt: 'Once' }, response: { choices: [{ text: ' upon' }] } }
  const chatted = {
    request: { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }] },
    response: { choices: [{ message: { role: 'assistant', content: 'Hi' } }] },
  }
  expect(readTranscripts(lines(completed, chatted))).toEqual([
    { prompt: 'Once', answer: ' upon', shown: [] },
    { prompt: [{ role: 'user', content: 'Hello' }], answer: 'Hi', shown: [] },
  ])
})

test('default: log probabilities of completions and of chats', () => {
  const tops = [
    { token: 'Hi', logprob: -0.5 },
    { token: 'Yo', logprob: -1.5 },
  ]
  const logprobs = { content: [{ token: 'Hi', logprob: -0.5, bytes: [72, 105], top_logprobs: tops }] }
  const lists = {
    tokens: [' up', 'on'],
    token_logprobs: [null, -0.25],
    top_logprobs: [null, { on: -0.25, ' in': -2, ' at': null }],
  }
  const [pair, conversation, chatted, completed] = readTranscripts(
    lines(
      { answer: 'Hi', logprobs },
      { messages: [...chat, { role: 'assistant', content: 'Hi' }], logprobs },
      { request: { messages: chat }, response: { choices: [{ message: { content: 'Hi' }, logprobs }] } },
      { request: { prompt: 'Once' }, response: { choices: [{ text: ' upon', logprobs: lists }] } },
    ),
  ).map(({ shown }) => shown)
  const hi = {
    token: 'Hi',
    logprob: -0.5,
    top: [
      ['Hi', -0.5],
      ['Yo', -1.5],
    ],
  }
  expect([pair, conversation, chatted]).toEqual([[hi], [hi], [hi]])
  expect(completed).toEqual([
    { token: ' up', logprob: null, top: [] },
    {
      token: 'on',
      logprob: -0.25,
      top: [
        ['on', -0.25],
        [' in', -2],
      ],
    },
  ])
})

test.each([
  ['{"prompt": "Once"}'],
  ['{"answer": "Hi", "logprobs": {"content": [{"token": 7}]}}'],
  ['not JSON'],
  ['{"messages": [{"role": "user", "content": "Hello"}]}'],
  ['{"request": {"prompt": "Once"}, "response": {"choices": []}}'],
])('error: %s', (line) => {
  expect(() => readTranscripts(`${lines({ answer: 'a' })}\n${line}`)).toThrow(
    expect.objectContaining({ code: 'openai.transcript-invalid', facts: { line: 2, text: line } }),
  )
})
