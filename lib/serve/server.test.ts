import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sampler } from '../inference/sampler'
import { openServedModel, type ServedModel } from './served-model'
import { type RunningServer, startServer } from './server'

type Served = RunningServer & { model: ServedModel; client: OpenAI }

async function serve(name: 'quill' | 'tiny', options: Partial<Parameters<typeof startServer>[1]> = {}) {
  const model = await openServedModel(`public/models/${name}`, name)
  const limit = { running: 4, waiting: 8 }
  const server = await startServer(model, { host: '127.0.0.1', port: 0, apiKey: null, limit, ...options })
  const client = new OpenAI({ baseURL: server.url, apiKey: options.apiKey ?? 'unused', maxRetries: 0 })
  return { ...server, model, client }
}

let [quill, tiny]: Served[] = []
beforeAll(async () => {
  ;[quill, tiny] = await Promise.all([serve('quill'), serve('tiny')])
})
afterAll(async () => {
  await Promise.all([quill.close(0), tiny.close(0)])
})

/** The text that the library generates by itself. */
async function library(
  { runtime, tokenizer, ends }: ServedModel,
  ids: Int32Array,
  { temperature, seed, length, topP }: { temperature: number; seed: number; length: number; topP?: number },
) {
  const sample = sampler({ temperature, seed, topP })
  const pick = (logits: Float32Array) => {
    const token = sample(logits)
    return ends.has(token) ? -1 : token
  }
  const generated = await runtime.generate({ ids, rows: 1, length: ids.length }, length, pick)
  const tokens = generated.ids.filter((id) => id >= 0)
  const [before, all] = [tokenizer.decode(ids), tokenizer.decode([...ids, ...tokens])]
  return { text: all.slice(before.length).replace(/\uFFFD+$/, ''), tokens: tokens.length }
}

const sum: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'What is 47 plus 38?' }]
const thoughts = '47 + 38: units 7 + 8 = 15, tens 4 + 3 = 7. Together 85.'
const told: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Tell me a story about a lamp.' }]

type Thinking<T> = T & { reasoning_content?: string }

describe('chat completions, with the openai client', () => {
  test('default: the answer, with its thoughts beside it', async () => {
    const { choices, usage, object, model } = await quill.client.chat.completions.create({
      ...{ model: 'quill', messages: sum, temperature: 0 },
    })
    expect({ object, model }).toEqual({ object: 'chat.completion', model: 'quill' })
    const [{ message, finish_reason, logprobs }] = choices
    expect((message as Thinking<typeof message>).reasoning_content).toBe(thoughts)
    expect(message.content).toBe('47 plus 38 is 85.')
    expect([finish_reason, logprobs]).toEqual(['stop', null])
    const prompt = quill.model.tokenizer.encode(
      quill.model.template?.([{ role: 'user', content: 'What is 47 plus 38?' }]) ?? '',
    )
    const own = await library(quill.model, prompt, { temperature: 0, seed: 0, length: 200 })
    expect(usage).toMatchObject({
      prompt_tokens: prompt.length,
      completion_tokens: own.tokens,
      total_tokens: prompt.length + own.tokens,
    })
  })

  test('behavior: a stream has the same text, one role, one finish, the usage last', async () => {
    const settings = { model: 'quill', messages: told, temperature: 0.7, seed: 5 } as const
    const whole = await quill.client.chat.completions.create(settings)
    const stream = await quill.client.chat.completions.create({
      ...settings,
      stream: true,
      stream_options: { include_usage: true },
    })
    const chunks = []
    for await (const chunk of stream) chunks.push(chunk)
    const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta as Thinking<typeof delta>))
    const joined = (field: 'content' | 'reasoning_content') => deltas.map((delta) => delta[field] ?? '').join('')
    const { message, finish_reason } = whole.choices[0]
    expect(message.content?.length).toBeGreaterThan(20)
    expect(joined('content')).toBe(message.content)
    expect(joined('reasoning_content')).toBe((message as Thinking<typeof message>).reasoning_content ?? '')
    expect(deltas.filter(({ role }) => role)).toHaveLength(1)
    const finishes = chunks.flatMap(({ choices }) => choices.flatMap((choice) => choice.finish_reason ?? []))
    expect(finishes).toEqual([finish_reason])
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true)
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: whole.usage?.total_tokens } })
    expect(deltas.length).toBeGreaterThan(10)
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1)
  })

  test('behavior: without thinking, by the template’s own setting or reasoning_effort', async () => {
    const own = { model: 'quill', messages: sum, temperature: 0, chat_template_kwargs: { enable_thinking: false } }
    for (const settings of [
      own,
      { model: 'quill', messages: sum, temperature: 0, reasoning_effort: 'none' as const },
    ]) {
      const { message } = (await quill.client.chat.completions.create(settings)).choices[0]
      expect(message).not.toHaveProperty('reasoning_content')
      expect(message.content).toContain('47 plus 38 is')
    }
  })

  test('behavior: log probabilities of each token, natural and of all tokens', async () => {
    const settings = { model: 'quill', messages: sum, temperature: 0, logprobs: true, top_logprobs: 3 } as const
    const { choices, usage } = await quill.client.chat.completions.create(settings)
    const content = choices[0].logprobs?.content ?? []
    expect(content).toHaveLength(usage?.completion_tokens ?? 0)
    expect(content.map(({ token }) => token).join('')).toBe(`<think>\n${thoughts}\n</think>\n\n47 plus 38 is 85.`)
    for (const { token, logprob, bytes, top_logprobs } of content) {
      expect(top_logprobs).toHaveLength(3)
      expect(top_logprobs[0]).toEqual({ token, logprob, bytes })
      expect(Buffer.from(bytes ?? []).toString()).toBe(token)
      expect(top_logprobs.reduce((all, each) => all + Math.exp(each.logprob), 0)).toBeLessThan(1 + 1e-9)
      expect(top_logprobs[1].logprob).toBeLessThanOrEqual(logprob)
    }
    const streamed = []
    for await (const { choices } of await quill.client.chat.completions.create({ ...settings, stream: true }))
      streamed.push(...(choices[0]?.logprobs?.content ?? []))
    expect(streamed).toEqual(content)
  })

  test('behavior: the second turn computes only what is new, and says the same as without', async () => {
    const fresh = await serve('quill')
    const first: OpenAI.ChatCompletionMessageParam[] = [
      { role: 'system', content: 'You are Quill, a small model that answers in one sentence. '.repeat(4) },
      ...told,
    ]
    const settings = { model: 'quill', temperature: 0.9, seed: 3, max_tokens: 60 } as const
    const { choices } = await quill.client.chat.completions.create({ ...settings, messages: first })
    const turns: OpenAI.ChatCompletionMessageParam[] = [
      ...first,
      { role: 'assistant', content: choices[0].message.content },
      { role: 'user', content: 'And then?' },
    ]
    const second = await quill.client.chat.completions.create({ ...settings, messages: turns })
    expect(second.usage?.prompt_tokens_details?.cached_tokens).toBeGreaterThanOrEqual(64)
    const alone = await fresh.client.chat.completions.create({ ...settings, messages: turns })
    expect(alone.usage?.prompt_tokens_details?.cached_tokens).toBe(0)
    expect(second.choices[0].message).toEqual(alone.choices[0].message)
    await fresh.close(0)
  })

  test('error: a model without a chat template', async () => {
    await expect(tiny.client.chat.completions.create({ model: 'tiny', messages: sum })).rejects.toThrow(
      /400 “tiny” has no chat template, so it only continues text: use \/v1\/completions/,
    )
  })
})

describe('completions, with the openai client', () => {
  const prompt = 'The old sailor looked at the sea and'

  test.each([
    [0, 1, 1],
    [0.8, 1, 1],
    [1, 2, 0.9],
    [1.5, 4_294_967_295, 0.5],
  ])('behavior: temperature %d, seed %d and top-p %d give the text of the library', async (temperature, seed, topP) => {
    const own = await library(tiny.model, tiny.model.tokenizer.encodePrompt(prompt), {
      ...{ temperature, seed, topP, length: 80 },
    })
    const settings = { model: 'tiny', prompt, temperature, seed, top_p: topP, max_tokens: 80 }
    const { choices, usage } = await tiny.client.completions.create(settings)
    expect(choices[0].text).toBe(own.text)
    expect(usage?.completion_tokens).toBe(own.tokens)
    let streamed = ''
    for await (const chunk of await tiny.client.completions.create({ ...settings, stream: true }))
      streamed += chunk.choices[0].text
    expect(streamed).toBe(own.text)
    const ids = [...tiny.model.tokenizer.encodePrompt(prompt)]
    expect((await tiny.client.completions.create({ ...settings, prompt: ids })).choices[0].text).toBe(own.text)
  })

  test('behavior: eight at once have the texts that they have alone', async () => {
    const asked = Array.from({ length: 8 }, (_, seed) => {
      return { model: 'tiny', prompt: `${prompt} ${'he '.repeat(seed)}`, seed, max_tokens: 40 }
    })
    const alone = []
    for (const settings of asked) alone.push((await tiny.client.completions.create(settings)).choices[0].text)
    const together = await Promise.all(asked.map((settings) => tiny.client.completions.create(settings)))
    expect(together.map(({ choices }) => choices[0].text)).toEqual(alone)
  })

  test('behavior: sixteen tokens unless told, the context at most', async () => {
    const { usage } = await tiny.client.completions.create({ model: 'tiny', prompt, seed: 1 })
    expect(usage?.completion_tokens).toBe(16)
    const full = await tiny.client.completions.create({
      ...{ model: 'tiny', prompt: Array(500).fill(260), max_tokens: 999, temperature: 0 },
    })
    expect(full).toMatchObject({
      usage: { prompt_tokens: 500, completion_tokens: 12 },
      choices: [{ finish_reason: 'length' }],
    })
  })

  test('behavior: stop strings end the text and never show, over the borders of tokens too', async () => {
    const settings = { model: 'tiny', prompt, temperature: 0.8, seed: 1, max_tokens: 60 }
    const { text } = (await tiny.client.completions.create(settings)).choices[0]
    for (const [from, length] of [
      [5, 1],
      [9, 7],
      [20, 3],
      [31, 12],
    ]) {
      const stop = text.slice(from, from + length)
      const shown = text.slice(0, text.indexOf(stop))
      const whole = await tiny.client.completions.create({ ...settings, stop: ['never seen', stop] })
      expect(whole.choices[0]).toMatchObject({ text: shown, finish_reason: 'stop' })
      expect(whole.usage?.completion_tokens).toBeLessThan(60)
      let streamed = ''
      for await (const chunk of await tiny.client.completions.create({ ...settings, stop, stream: true }))
        streamed += chunk.choices[0].text
      expect(streamed).toBe(shown)
    }
  })

  test('behavior: log probabilities with offsets', async () => {
    const { choices } = await tiny.client.completions.create({ model: 'tiny', prompt, temperature: 0, logprobs: 2 })
    const { tokens, token_logprobs, top_logprobs, text_offset } = choices[0].logprobs ?? {}
    expect(tokens?.join('')).toBe(choices[0].text)
    expect(text_offset?.map((from, i) => choices[0].text.slice(from, from + (tokens?.[i].length ?? 0)))).toEqual(tokens)
    expect(top_logprobs?.map((top, i) => top[tokens?.[i] ?? ''])).toEqual(token_logprobs)
  })
})

test('default: models and health', async () => {
  const { data } = await tiny.client.models.list()
  expect(data).toMatchObject([{ id: 'tiny', object: 'model', max_model_len: 512 }])
  expect(await tiny.client.models.retrieve('tiny')).toMatchObject({ id: 'tiny' })
  await expect(tiny.client.models.retrieve('other')).rejects.toThrow('404 There is no model “other” here')
  const health = await fetch(new URL('/health', tiny.url))
  expect(await health.json()).toEqual({ status: 'ok', model: 'tiny', running: 0, waiting: 0 })
})

/** Posts a body as it is. */
async function post(path: string, body: string | ReadableStream, headers: Record<string, string> = {}) {
  const answer = await fetch(`${quill.url}/${path}`, {
    ...{ method: 'POST', body, headers: { 'content-type': 'application/json', ...headers }, duplex: 'half' },
  } as RequestInit)
  return { status: answer.status, json: await answer.json(), headers: answer.headers }
}

describe('error: bad input', () => {
  const chat = { model: 'quill', messages: sum, max_tokens: 1 }
  const complete = { model: 'quill', prompt: 'a', max_tokens: 1 }
  const user = (content: unknown) => ({ ...chat, messages: [{ role: 'user', content }] })

  test.each([
    [{ ...chat, model: 'gpt-4o' }, 404, 'model', 'There is no model “gpt-4o” here: the one served is “quill”.'],
    [{ ...chat, model: undefined }, 400, 'model', 'expected string'],
    [{ ...chat, messages: [] }, 400, 'messages', 'Too small'],
    [{ ...chat, messages: 'Hello' }, 400, 'messages', 'expected array'],
    [{ ...chat, messages: [{ role: 'robot', content: 'x' }] }, 400, 'messages[0].role', 'Invalid'],
    [user(7), 400, 'messages[0].content', 'Invalid'],
    [user([{ type: 'image_url', image_url: { url: 'x' } }]), 400, 'messages[0].content[0]: image_url', 'not supported'],
    [{ ...chat, messages: [{ role: 'tool', content: 'x' }] }, 400, 'messages[0].role: tool', 'not supported'],
    [{ ...chat, tools: [{ type: 'function' }] }, 400, 'tools', '“tools” is not supported here'],
    [{ ...chat, n: 2 }, 400, 'n', 'not supported'],
    [{ ...chat, response_format: { type: 'json_object' } }, 400, 'response_format', 'not supported'],
    [{ ...chat, logit_bias: { 5: 1 } }, 400, 'logit_bias', 'not supported'],
    [{ ...chat, presence_penalty: 1 }, 400, 'presence_penalty', 'not supported'],
    [{ ...chat, temperature: '1' }, 400, 'temperature', 'expected number'],
    [{ ...chat, temperature: 3 }, 400, 'temperature', 'Too big'],
    [{ ...chat, top_p: -1 }, 400, 'top_p', 'Too small'],
    [{ ...chat, max_tokens: 0 }, 400, 'max_tokens', 'Too small'],
    [{ ...chat, max_tokens: 1.5 }, 400, 'max_tokens', 'expected int'],
    [{ ...chat, seed: 1.5 }, 400, 'seed', 'expected int'],
    [{ ...chat, stop: '' }, 400, 'stop', 'Too small'],
    [{ ...chat, stop: ['a', 'b', 'c', 'd', 'e'] }, 400, 'stop', 'Invalid'],
    [{ ...chat, top_logprobs: 2 }, 400, 'top_logprobs', 'it needs “logprobs”: true'],
    [{ ...chat, stream_options: { include_usage: true } }, 400, 'stream_options', 'it needs “stream”: true'],
    [{ ...chat, chat_template_kwargs: { messages: [] } }, 400, 'chat_template_kwargs.messages', 'Invalid'],
    [user('word '.repeat(600)), 400, 'prompt', /The prompt has \d+ tokens, but the model’s context has 512/],
    [[], 400, 'body', 'expected object'],
    [null, 400, 'body', 'expected object'],
  ])('chat %#', async (body, status, param, message) => {
    const { status: given, json } = await post('chat/completions', JSON.stringify(body))
    expect(json).toEqual({
      error: {
        message: expect.stringMatching(message),
        type: 'invalid_request_error',
        param,
        code: expect.any(String),
      },
    })
    expect(given).toBe(status)
  })

  test.each([
    [{ ...complete, prompt: ['a', 'b'] }, 'prompt', 'Invalid'],
    [{ ...complete, prompt: [] }, 'prompt', 'Too small'],
    [{ ...complete, prompt: [8192] }, 'prompt', 'token 8192 is outside the vocabulary of 8192 tokens'],
    [{ ...complete, prompt: Array(512).fill(5) }, 'prompt', 'The prompt has 512 tokens'],
    [{ ...complete, echo: true }, 'echo', 'not supported'],
    [{ ...complete, suffix: 'x' }, 'suffix', 'not supported'],
    [{ ...complete, best_of: 3 }, 'best_of', 'not supported'],
    [{ ...complete, logprobs: true }, 'logprobs', 'expected number'],
  ])('completions %#', async (body, param, message) => {
    const { status, json } = await post('completions', JSON.stringify(body))
    expect(json.error).toMatchObject({ param, message: expect.stringContaining(message) })
    expect(status).toBe(400)
  })

  test.each([
    ['{"model": ', 400, 'The body is not valid JSON'],
    ['', 400, 'The body is not valid JSON'],
    ['\xff\xfe', 400, 'body'],
    ['['.repeat(200_000), 400, 'The body is not valid JSON'],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400, 'body'],
    ['x'.repeat(2 ** 18 + 1), 413, 'The body is larger than 262,144 bytes.'],
  ])('bodies %#', async (body, status, message) => {
    const answer = await post('chat/completions', body)
    expect(answer.json.error.message).toContain(message)
    expect(answer.status).toBe(status)
  })

  test('a body without a stated length ends at the limit', async () => {
    const piece = new TextEncoder().encode('x'.repeat(65_536))
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(piece) })
    const answer = await post('chat/completions', endless).catch(() => ({ status: 'closed' }))
    expect([413, 'closed']).toContain(answer.status)
  })

  test('a long prompt of one word', async () => {
    const { status, json } = await post('completions', JSON.stringify({ ...complete, prompt: 'a'.repeat(250_000) }))
    expect([status, json.error.code]).toEqual([400, 'context_length_exceeded'])
  })

  test('other types of content, methods and paths', async () => {
    const text = await post('chat/completions', '{}', { 'content-type': 'text/plain' })
    expect([text.status, text.json.error.message]).toEqual([415, expect.stringContaining('“text/plain”')])
    expect((await fetch(`${quill.url}/chat/completions`)).status).toBe(405)
    expect((await fetch(`${quill.url}/embeddings`, { method: 'POST' })).status).toBe(404)
    expect((await fetch(`${quill.url}/models/%ff`)).status).toBe(400)
    expect((await fetch(new URL('/constructor', quill.url))).status).toBe(404)
    expect((await fetch(`${quill.url}/__proto__`, { method: 'POST' })).status).toBe(404)
  })

  test('a name that leads to this machine from a page elsewhere', async () => {
    const { port } = new URL(quill.url)
    const status = await new Promise((settle) => {
      const headers = { host: 'evil.example' }
      httpRequest({ port, host: '127.0.0.1', path: '/v1/models', headers }, (answer) =>
        settle(answer.resume().statusCode),
      ).end()
    })
    expect(status).toBe(403)
  })

  test('behavior: unknown fields and values that ask for nothing are ignored', async () => {
    const body = { ...chat, n: 1, tools: [], logit_bias: {}, presence_penalty: 0, tool_choice: null, colour: 'blue' }
    expect((await post('chat/completions', JSON.stringify(body))).status).toBe(200)
  })
})

test('behavior: an API key is asked for', async () => {
  const locked = await serve('tiny', { apiKey: 'secret' })
  expect((await locked.client.models.list()).data).toHaveLength(1)
  for (const authorization of ['Bearer wrong', 'Bearer ', 'secret', 'Basic secret']) {
    const answer = await fetch(`${locked.url}/models`, { headers: { authorization } })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ error: { code: 'invalid_api_key' } })
  }
  expect((await fetch(new URL('/health', locked.url))).status).toBe(200)
  await locked.close(0)
})

/** Counts the steps of the model. */
function counted({ runtime }: ServedModel) {
  const { extend } = runtime
  const steps = { count: 0 }
  runtime.extend = (row, added) => {
    steps.count++
    return extend(row, added)
  }
  return steps
}

/** Each step of the model takes 20 ms longer. */
function slowed({ runtime }: ServedModel): void {
  const { extend } = runtime
  runtime.extend = async (row, added) => {
    await wait(20)
    return extend(row, added)
  }
}

const running = async ({ url }: Served) =>
  (await (await fetch(new URL('/health', url))).json()) as Record<string, number>

describe('behavior: under load', () => {
  test('an aborted answer stops computing, streamed or not, and its place is free', async () => {
    const served = await serve('tiny', { limit: { running: 1, waiting: 1 } })
    const steps = counted(served.model)
    const settings = { model: 'tiny', prompt: 'Once', max_tokens: 500, temperature: 1, seed: 1 }
    const stream = await served.client.completions.create({ ...settings, stream: true })
    let seen = 0
    for await (const _ of stream) if (++seen === 3) break
    await expect.poll(async () => (await running(served)).running).toBe(0)
    expect(steps.count).toBeLessThan(200)

    const controller = new AbortController()
    const whole = served.client.completions.create(settings, { signal: controller.signal })
    const waiting = new AbortController()
    await expect.poll(async () => (await running(served)).running).toBe(1)
    const queued = served.client.completions.create(settings, { signal: waiting.signal })
    await expect.poll(async () => (await running(served)).waiting).toBe(1)
    waiting.abort()
    await expect(queued).rejects.toThrow('aborted')
    await expect.poll(async () => (await running(served)).waiting).toBe(0)
    controller.abort()
    await expect(whole).rejects.toThrow('aborted')
    await expect.poll(async () => (await running(served)).running).toBe(0)
    const stoppedAt = steps.count
    await wait(50)
    expect(steps.count).toBe(stoppedAt)
    await served.close(0)
  })

  test('running answers take turns, the next wait, and those beyond are told when to come again', async () => {
    const served = await serve('tiny', { limit: { running: 2, waiting: 1 } })
    const order: string[] = []
    const ask = async (name: string, max_tokens: number) => {
      const stream = await served.client.completions.create({
        model: 'tiny',
        prompt: 'A',
        max_tokens,
        seed: 1,
        stream: true,
      })
      for await (const _ of stream) order.push(name)
    }
    const [a, b] = [ask('a', 120), ask('b', 120)]
    await expect.poll(async () => (await running(served)).running).toBe(2)
    const c = ask('c', 2)
    await expect.poll(async () => (await running(served)).waiting).toBe(1)
    const refused = await served.client.completions.create({ model: 'tiny', prompt: 'A' }).catch((error) => error)
    expect(refused).toMatchObject({ status: 503, message: expect.stringContaining('1 requests are waiting already') })
    expect(refused.headers.get('retry-after')).toBe('1')
    await Promise.all([a, b, c])
    const changes = order.filter((name, i) => i > 0 && name !== order[i - 1]).length
    expect(changes).toBeGreaterThan(40)
    expect(order.indexOf('c')).toBeGreaterThan(Math.min(order.lastIndexOf('a'), order.lastIndexOf('b')))
    await served.close(0)
  })

  test('of a hundred that leave at any moment, none keeps its place or changes another’s text', async () => {
    const served = await serve('tiny', { limit: { running: 3, waiting: 200 } })
    const settings = { model: 'tiny', prompt: 'The old sailor', seed: 7, max_tokens: 30 }
    const alone = (await served.client.completions.create(settings)).choices[0].text
    const leaving = Array.from({ length: 100 }, async (_, i) => {
      const signal = AbortSignal.timeout(1 + ((i * 37) % 400))
      await served.client.completions
        .create({ ...settings, max_tokens: 400, seed: i, stream: i % 2 === 0 }, { signal })
        .then(async (answer) => {
          if (Symbol.asyncIterator in answer) for await (const _ of answer);
        })
        .catch(() => undefined)
    })
    const staying = Array.from({ length: 5 }, () => served.client.completions.create(settings))
    expect((await Promise.all(staying)).map(({ choices }) => choices[0].text)).toEqual(Array(5).fill(alone))
    await Promise.all(leaving)
    await expect.poll(() => running(served)).toMatchObject({ running: 0, waiting: 0 })
    await served.close(0)
  })

  test('a stream has exactly one end, which is its last event', async () => {
    const body = JSON.stringify({ model: 'tiny', prompt: 'Once', max_tokens: 5, seed: 1, stream: true })
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${tiny.url}/completions`, { method: 'POST', body, headers })
    const events = (await answer.text()).split('\n\n')
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    expect(events.filter((each) => each === 'data: [DONE]')).toHaveLength(1)
    expect(events.slice(-2)).toEqual(['data: [DONE]', ''])
    for (const each of events.slice(0, -2)) expect(JSON.parse(each.replace(/^data: /, ''))).toHaveProperty('choices')
  })

  test('a failure in the middle of a stream is an event, then the end', async () => {
    const faults: unknown[] = []
    const served = await serve('tiny', { onFault: (error) => faults.push(error) })
    const { extend } = served.model.runtime
    let steps = 0
    served.model.runtime.extend = (row, added) =>
      ++steps === 4 ? Promise.reject(new Error('secret path')) : extend(row, added)
    const body = JSON.stringify({ model: 'tiny', prompt: 'Once', max_tokens: 50, seed: 1, stream: true })
    const headers = { 'content-type': 'application/json' }
    const text = await (await fetch(`${served.url}/completions`, { method: 'POST', body, headers })).text()
    const events = text.trim().split('\n\n')
    expect(events.slice(-2)).toEqual([
      'data: {"error":{"message":"The server failed.","type":"server_error","param":null,"code":null}}',
      'data: [DONE]',
    ])
    expect(faults).toEqual([new Error('secret path')])
    await served.close(0)
  })
})

describe('behavior: closing', () => {
  test('running answers finish, those that wait and new ones are refused', async () => {
    const served = await serve('tiny', { limit: { running: 1, waiting: 1 } })
    slowed(served.model)
    const settings = { model: 'tiny', prompt: 'Once', seed: 1, max_tokens: 60 }
    const answer = served.client.completions.create(settings)
    await expect.poll(async () => (await running(served)).running).toBe(1)
    const queued = served.client.completions.create(settings).catch((error) => error)
    await expect.poll(async () => (await running(served)).waiting).toBe(1)
    await served.close(5000)
    expect((await answer).usage?.completion_tokens).toBe(60)
    expect(await queued).toMatchObject({ status: 503, message: expect.stringContaining('shutting down') })
    await expect(fetch(new URL('/health', served.url))).rejects.toThrow()
  })

  test('what does not finish in time is told so', async () => {
    const served = await serve('tiny')
    slowed(served.model)
    const stuck = connect(Number(new URL(served.url).port), '127.0.0.1')
    stuck.on('error', () => undefined).write('POST /v1/completions HTTP/1.1\r\nHost: localhost\r\n')
    const answer = served.client.completions
      .create({ model: 'tiny', prompt: 'Once', seed: 1, max_tokens: 500 })
      .catch((error) => error)
    await expect.poll(async () => (await running(served)).running).toBe(1)
    await served.close(100)
    expect(await answer).toMatchObject({ status: 503, message: expect.stringContaining('shutting down') })
    stuck.destroy()
  })
})
