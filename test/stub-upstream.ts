import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

type Json = Record<string, unknown>

/** How a stub answers: words of the answer, milliseconds before each, and what it does wrong. */
export type Manner = {
  words?: string[]
  delayMs?: number
  handle?(request: IncomingMessage, response: ServerResponse, body: Json): unknown
}

export type StubUpstream = { url: string; seen: Json[]; manner: Manner; close(): Promise<void> }

/** Tokens of a prompt, as this server counts them: the words of its JSON. */
export const promptTokens = (body: Json): number =>
  JSON.stringify(body.messages ?? body.prompt ?? body.input).split(/\s+/).length

/** A server of all four wire formats that says the same words in each, a token each, and counts them honestly. */
export async function startStubUpstream(manner: Manner = {}): Promise<StubUpstream> {
  const seen: Json[] = []
  const stub = { seen, manner } as StubUpstream
  const server = createServer({ noDelay: true, keepAliveTimeout: 120_000 }, async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body: Json = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {}
    seen.push(body)
    if (stub.manner.handle) return stub.manner.handle(request, response, body)
    if (request.url === '/v1/models')
      return sendJson(response, { object: 'list', data: [{ id: 'stub', object: 'model' }] })
    const answer = answers[request.url ?? '']
    if (!answer) return response.writeHead(404).end('{"error":{"message":"no route"}}')
    const { words = ['Once', ' upon', ' a', ' time'], delayMs = 0 } = stub.manner
    const limit = Number(body.max_tokens ?? body.max_completion_tokens ?? body.max_output_tokens ?? words.length)
    const { whole, events } = answer(words.slice(0, limit), promptTokens(body), body)
    if (body.stream !== true) {
      if (delayMs > 0) await wait(delayMs)
      return sendJson(response, whole)
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const event of events) {
      if (delayMs > 0) await wait(delayMs)
      if (response.destroyed) return
      response.write(event)
    }
    response.end()
  })
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  stub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  stub.close = () =>
    new Promise((settle) => {
      server.close(() => settle())
      server.closeAllConnections()
    })
  return stub
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const data = (json: unknown) => `data: ${JSON.stringify(json)}\n\n`
const named = (json: Json) => `event: ${json.type}\n${data(json)}`

type Answer = (words: string[], prompt: number, body: Json) => { whole: Json; events: string[] }

const choicesAnswer =
  (object: string, inStream: (word: string) => Json, inWhole: (text: string) => Json): Answer =>
  (words, prompt, body) => {
    const usage = { prompt_tokens: prompt, completion_tokens: words.length, total_tokens: prompt + words.length }
    const envelope = { id: 'c-1', created: 1, model: body.model }
    const { include_usage } = (body.stream_options ?? {}) as Json
    const chunk = (choice: Json) => {
      const choices = [{ index: 0, finish_reason: null, ...choice }]
      return data({ ...envelope, object: `${object}.chunk`, choices, ...(include_usage ? { usage: null } : {}) })
    }
    const last = include_usage ? [data({ ...envelope, object: `${object}.chunk`, choices: [], usage })] : []
    return {
      whole: { ...envelope, object, choices: [{ index: 0, finish_reason: 'stop', ...inWhole(words.join('')) }], usage },
      events: [
        ...words.map((word) => chunk(inStream(word))),
        chunk({ ...inStream(''), finish_reason: 'stop' }),
        ...last,
        'data: [DONE]\n\n',
      ],
    }
  }

const answers: Partial<Record<string, Answer>> = {
  '/v1/chat/completions': choicesAnswer(
    'chat.completion',
    (content) => ({ delta: { role: 'assistant', content } }),
    (content) => ({ message: { role: 'assistant', content } }),
  ),
  '/v1/completions': choicesAnswer(
    'text_completion',
    (text) => ({ text }),
    (text) => ({ text }),
  ),
  '/v1/responses'(words, prompt, body) {
    const usage = {
      ...{ input_tokens: prompt, output_tokens: words.length, total_tokens: prompt + words.length },
      ...{ input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } },
    }
    const text = words.join('')
    const item = (status: string, shown: string) => {
      const content = shown === '' ? [] : [{ type: 'output_text', text: shown, annotations: [] }]
      return { id: 'msg_1', type: 'message', status, role: 'assistant', content }
    }
    const response = (status: string, more: Json) => {
      const tools = { tools: [], tool_choice: 'auto', parallel_tool_calls: true }
      return {
        id: 'resp_1',
        object: 'response',
        created_at: 1,
        status,
        model: body.model,
        output: [],
        ...tools,
        ...more,
      }
    }
    const whole = response('completed', { output: [item('completed', text)], usage })
    const at = { item_id: 'msg_1', output_index: 0, content_index: 0 }
    const events = [
      { type: 'response.created', response: response('in_progress', { usage: null }) },
      { type: 'response.output_item.added', output_index: 0, item: item('in_progress', '') },
      { type: 'response.content_part.added', ...at, part: { type: 'output_text', text: '', annotations: [] } },
      ...words.map((delta) => ({ type: 'response.output_text.delta', ...at, delta, logprobs: [] })),
      { type: 'response.output_text.done', ...at, text, logprobs: [] },
      { type: 'response.content_part.done', ...at, part: { type: 'output_text', text, annotations: [] } },
      { type: 'response.output_item.done', output_index: 0, item: item('completed', text) },
      { type: 'response.completed', response: whole },
    ]
    return { whole, events: events.map((event, sequence_number) => named({ ...event, sequence_number })) }
  },
  '/v1/messages'(words, prompt, body) {
    const message = { id: 'msg_1', type: 'message', role: 'assistant', model: body.model, stop_sequence: null }
    const usage = { input_tokens: prompt, output_tokens: words.length }
    const whole = { ...message, content: [{ type: 'text', text: words.join('') }], stop_reason: 'end_turn', usage }
    const start = { ...message, content: [], stop_reason: null, usage: { input_tokens: prompt, output_tokens: 0 } }
    const events = [
      { type: 'message_start', message: start },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      ...words.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
      { type: 'content_block_stop', index: 0 },
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null },
        usage: { output_tokens: words.length },
      },
      { type: 'message_stop' },
    ]
    return { whole, events: events.map(named) }
  },
}
