import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openServedModel, type ServedModel } from './served-model'
import { type RunningServer, startServer } from './server'

let model: ServedModel
let server: RunningServer
let openai: OpenAI
let anthropic: Anthropic
beforeAll(async () => {
  model = await openServedModel('public/models/quill', 'quill')
  const limit = { running: 4, waiting: 8 }
  server = await startServer(model, { host: '127.0.0.1', port: 0, apiKey: null, limit })
  openai = new OpenAI({ baseURL: server.url, apiKey: 'unused', maxRetries: 0 })
  anthropic = new Anthropic({ baseURL: server.url.replace(/\/v1$/, ''), apiKey: 'unused', maxRetries: 0 })
})
afterAll(() => server.close(0))

const asked = 'What is 47 plus 38?'
const thoughts = '47 + 38: units 7 + 8 = 15, tens 4 + 3 = 7. Together 85.'
const answer = '47 plus 38 is 85.'
const body = { model: 'quill', temperature: 0 }

async function chatUsage(messages: OpenAI.ChatCompletionMessageParam[]) {
  const { usage } = await openai.chat.completions.create({ ...body, messages })
  return [usage?.prompt_tokens, usage?.completion_tokens]
}

describe('responses, with the openai client', () => {
  test('default: the thoughts, the message and the usage of the chat', async () => {
    const response = await openai.responses.create({ ...body, input: asked })
    expect(response.output_text).toBe(answer)
    expect(response.output.map(({ type }) => type)).toEqual(['reasoning', 'message'])
    expect(response).toMatchObject({ object: 'response', status: 'completed', model: 'quill', error: null })
    expect(response.output[0]).toMatchObject({ content: [{ type: 'reasoning_text', text: thoughts }] })
    const { usage } = response
    expect([usage?.input_tokens, usage?.output_tokens]).toEqual(await chatUsage([{ role: 'user', content: asked }]))
  })

  test('behavior: a stream has the same items, numbered events and one end', async () => {
    const stream = openai.responses.stream({ ...body, input: asked })
    const events = []
    for await (const event of stream) events.push(event)
    const whole = await openai.responses.create({ ...body, input: asked })
    const final = await stream.finalResponse()
    expect(final.output_text).toBe(answer)
    const shown = (output: OpenAI.Responses.ResponseOutputItem[]) =>
      output.map((item) => ({ type: item.type, content: 'content' in item ? JSON.stringify(item.content) : null }))
    expect(shown(final.output).map(({ type }) => type)).toEqual(shown(whole.output).map(({ type }) => type))
    expect(final.usage?.total_tokens).toBe(whole.usage?.total_tokens)
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, i) => i))
    const deltas = events.flatMap((event) => (event.type === 'response.output_text.delta' ? [event.delta] : []))
    expect(deltas.join('')).toBe(answer)
    expect(events.filter(({ type }) => type === 'response.completed')).toHaveLength(1)
    expect(events.at(-1)?.type).toBe('response.completed')
  })

  test('behavior: instructions are the system’s message, earlier turns are read, a limit leaves it incomplete', async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: 'system', content: 'Answer in one sentence.' },
      { role: 'user', content: asked },
      { role: 'assistant', content: answer },
      { role: 'user', content: 'And 2 plus 2?' },
    ]
    const response = await openai.responses.create({
      ...{ ...body, instructions: 'Answer in one sentence.' },
      input: [
        { role: 'user', content: [{ type: 'input_text', text: asked }] },
        {
          type: 'message',
          id: 'msg_1',
          status: 'completed',
          role: 'assistant',
          content: [{ type: 'output_text', text: answer, annotations: [] }],
        },
        { role: 'user', content: 'And 2 plus 2?' },
      ],
    })
    expect([response.usage?.input_tokens, response.usage?.output_tokens]).toEqual(await chatUsage(messages))
    const short = await openai.responses.create({ ...body, input: asked, max_output_tokens: 3 })
    expect(short).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } })
  })

  test.each<[object, string]>([
    [{ input: asked, previous_response_id: 'resp_1' }, 'serve.field-unsupported'],
    [{ input: asked, tools: [{ type: 'web_search' }] }, 'serve.field-unsupported'],
    [{ input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'x' }] }] }, 'serve.field-unsupported'],
    [{ input: asked, text: { format: { type: 'json_object' } } }, 'serve.field-unsupported'],
    [{ input: 7 }, 'serve.field-invalid'],
    [{}, 'serve.field-invalid'],
  ])('error: %j', async (more, code) => {
    await expect(openai.responses.create({ ...body, ...more } as never)).rejects.toMatchObject({ status: 400, code })
  })
})

describe('messages, with the anthropic client', () => {
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: asked }]

  test('default: the thoughts, the text and the usage of the chat; a stream has the same', async () => {
    const message = await anthropic.messages.create({ ...body, max_tokens: 200, messages })
    expect(message.content).toEqual([
      { type: 'thinking', thinking: thoughts, signature: '' },
      { type: 'text', text: answer },
    ])
    expect(message).toMatchObject({ role: 'assistant', stop_reason: 'end_turn', stop_sequence: null })
    const { usage } = message
    expect([usage.input_tokens, usage.output_tokens]).toEqual(await chatUsage([{ role: 'user', content: asked }]))
    const streamed = await anthropic.messages.stream({ ...body, max_tokens: 200, messages }).finalMessage()
    expect(streamed.content).toEqual(message.content)
    expect(streamed.usage).toMatchObject(message.usage)
    expect(streamed.stop_reason).toBe('end_turn')
  })

  test('behavior: the system’s message, stop sequences, a limit, no thoughts', async () => {
    const system = [{ type: 'text' as const, text: 'Answer in one sentence.' }]
    const { usage } = await anthropic.messages.create({ ...body, max_tokens: 200, messages, system })
    const chat = await chatUsage([
      { role: 'system', content: 'Answer in one sentence.' },
      { role: 'user', content: asked },
    ])
    expect([usage.input_tokens, usage.output_tokens]).toEqual(chat)
    const short = await anthropic.messages.create({ ...body, max_tokens: 3, messages })
    expect([short.stop_reason, short.usage.output_tokens]).toEqual(['max_tokens', 3])
    const plain = await anthropic.messages.create({
      ...{ ...body, max_tokens: 200, messages, thinking: { type: 'disabled' as const } },
      stop_sequences: ['38'],
    })
    expect(plain.content).toEqual([{ type: 'text', text: expect.stringMatching(/^47 plus $/) }])
  })

  test('error: in the shape of Anthropic’s API', async () => {
    const image = { type: 'image', source: { type: 'url', url: 'x' } } as const
    const bad = anthropic.messages.create({ ...body, max_tokens: 9, messages: [{ role: 'user', content: [image] }] })
    await expect(bad).rejects.toMatchObject({ status: 400, error: { type: 'error' }, type: 'invalid_request_error' })
    const other = anthropic.messages.create({ model: 'other', max_tokens: 9, messages })
    await expect(other).rejects.toMatchObject({ status: 404, type: 'not_found_error' })
  })
})
