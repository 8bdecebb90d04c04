import { describe, expect, test } from 'vitest'
import { chat } from './formats/chat'
import { misspelt } from './formats/limits'
import { messages } from './formats/messages'
import { responses } from './formats/responses'
import { mostPromptUnits, mostUnits } from './most-units'

const user = (content: unknown) => ({ model: 'm', messages: [{ role: 'user', content }] })
const long = 'x'.repeat(100_000)
const mediumUnits = 16_384

test('default: a byte of text, 32 for each message, and a fixed number for an image', () => {
  const text = mostPromptUnits(user('Tell me'), chat)
  expect(mostPromptUnits(user('Tell me é'), chat)).toBe(text + 3)
  expect(mostUnits(user('Tell me'), chat, 10)).toBe(BigInt(text + 10))
  const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${long}` } }
  const source = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: long } }
  for (const [format, part] of [
    [chat, image],
    [messages, source],
  ] as const) {
    const units = mostPromptUnits(user([part]), format)
    expect(units).toBeGreaterThan(mediumUnits)
    expect(units).toBeLessThan(mediumUnits + 500)
  }
})

describe('prompts that call their text an image', () => {
  const schema = { type: 'image', description: long, url: long }
  test.each<[string, Parameters<typeof mostPromptUnits>]>([
    [
      'the schema of a tool',
      [{ ...user('Hi'), tools: [{ type: 'function', function: { parameters: schema } }] }, chat],
    ],
    ['parts in the schema of a tool', [{ ...user('Hi'), tools: [{ content: [{ type: 'image', url: long }] }] }, chat]],
    [
      'what a tool was called with',
      [user([{ type: 'tool_use', input: { content: [{ type: 'image', url: long }] } }]), messages],
    ],
    ['a document that is text', [user([{ type: 'document', source: { type: 'text', data: long } }]), messages]],
    [
      'text beside an image',
      [user([{ type: 'image_url', image_url: { url: 'https://a.example' }, text: long }]), chat],
    ],
    ['a type of its own', [user([{ type: 'my_image_of_text', url: long }]), chat]],
    ['a message', [{ model: 'm', messages: [{ role: 'user', type: 'image', url: long }] }, chat]],
    ['names of fields', [{ ...user('Hi'), tools: [{ [long]: 1 }] }, chat]],
  ])('error: %s is counted by its bytes', (_, [body, format]) => {
    expect(mostPromptUnits(body, format)).toBeGreaterThanOrEqual(long.length)
  })

  test('error: names of fields are counted by bytes, not by characters', () => {
    const plain = mostPromptUnits({ ...user('Hi'), tools: [{ aa: 1 }] }, chat)
    expect(mostPromptUnits({ ...user('Hi'), tools: [{ '😀': 1 }] }, chat)).toBe(plain + 2)
  })
})

describe('limits by whatever name', () => {
  test('behavior: the largest counts, and each that is named is set to what was paid for', () => {
    const body = { input: 'Hi', max_output_tokens: 4, n_predict: 100_000 }
    expect(responses.answerLimit(body)).toBe(100_000)
    expect(responses.withAnswerLimit(body, 9)).toMatchObject({ max_output_tokens: 9, n_predict: 9 })
    expect(messages.answerLimit({ max_tokens: 4, max_completion_tokens: 8 })).toBe(8)
    expect(chat.answerLimit({ max_tokens: 4, n_predict: -1 })).toBeNull()
  })

  test('behavior: answers count by whatever name', () => {
    expect(chat.answers({ n: 2, n_cmpl: 50 })).toBe(50)
    expect(responses.answers({ n: 3 })).toBe(3)
    expect(messages.answers({})).toBe(1)
  })

  test.each(['MAX_TOKENS', 'Max_Tokens', 'max_toKens', 'meſsages', 'ſtream', 'N', 'Include_Usage'])(
    'error: %s, which some servers take for a field that was paid for',
    (name) => {
      expect(misspelt({ max_tokens: 4, [name]: 100_000 })).toBe(name)
    },
  )

  test('behavior: other names pass, whatever their letters', () => {
    expect(misspelt({ max_tokens: 4, Temperature: 1, Tools: [], n_keep: 3 })).toBeNull()
  })
})
