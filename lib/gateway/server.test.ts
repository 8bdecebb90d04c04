import { createHash } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { createOpenAI } from '@ai-sdk/openai'
import Anthropic from '@anthropic-ai/sdk'
import { generateText, streamText } from 'ai'
import OpenAI from 'openai'
import { hexToBytes, keccak256, recoverTypedDataAddress, zeroAddress } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestGateway, testAccount, usageLedger } from '../../test/gateway'
import { type Manner, promptTokens, type StubUpstream, startStubUpstream } from '../../test/stub-upstream'
import { receiptTypedData } from '../metering/receipt'
import type { Json } from './formats/format'

let stub: StubUpstream
let gateway: Awaited<ReturnType<typeof startTestGateway>>
let openai: OpenAI
let anthropic: Anthropic
beforeAll(async () => {
  stub = await startStubUpstream()
  gateway = await startTestGateway(stub.url, { silentMs: 700 })
  openai = new OpenAI({ baseURL: gateway.url, apiKey: 'any', maxRetries: 0 })
  anthropic = new Anthropic({ baseURL: gateway.url.replace(/\/v1$/, ''), apiKey: 'any', maxRetries: 0 })
})
beforeEach(() => {
  stub.manner = {}
})
afterAll(async () => {
  await gateway.stop()
  await stub.close()
})

const words = ['Once', ' upon', ' a', ' time']
const messages = [{ role: 'user' as const, content: 'Tell me a story' }]

type Shown = { kinmark: { id: string; receipt: Record<string, string>; signature: `0x${string}`; salt: `0x${string}` } }
const receiptIn = (answer: unknown) => (answer as Shown).kinmark

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${gateway.url}${path}`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, text }
}

describe('six of six: the same prompt has the same units in three formats, whole and streamed', () => {
  const expected = () => promptTokens({ messages: [{ role: 'user', content: 'Tell me a story' }] }) + words.length
  const prompt = JSON.stringify([{ role: 'user', content: 'Tell me a story' }])

  test('the openai client: chat completions', async () => {
    const whole = await openai.chat.completions.create({ model: 'stub', messages })
    expect(whole.choices[0].message.content).toBe(words.join(''))
    const { data, response } = await openai.chat.completions.create({ model: 'stub', messages }).withResponse()
    expect(response.headers.get('x-kinmark-receipt')).toBe(receiptIn(data).id)
    const chunks = []
    for await (const chunk of await openai.chat.completions.create({ model: 'stub', messages, stream: true }))
      chunks.push(chunk)
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(words.join(''))
    expect(chunks.every((chunk) => !Object.hasOwn(chunk, 'usage'))).toBe(true)
    expect(stub.seen.at(-1)).toMatchObject({ stream_options: { include_usage: true } })
    for (const answer of [whole, data, chunks.at(-1)]) {
      expect(receiptIn(answer).receipt.units).toBe(String(expected()))
      await assertSigned(receiptIn(answer))
    }
    const options = { include_usage: true }
    const asked = []
    const stream = await openai.chat.completions.create({
      model: 'stub',
      messages,
      stream: true,
      stream_options: options,
    })
    for await (const chunk of stream) asked.push(chunk)
    expect(asked.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expected() } })
    expect(receiptIn(asked.at(-1)).receipt.units).toBe(String(expected()))
  })

  test('the openai client: responses', async () => {
    const input = JSON.parse(prompt)
    const whole = await openai.responses.create({ model: 'stub', input })
    expect(whole.output_text).toBe(words.join(''))
    expect(receiptIn(whole).receipt.units).toBe(String(expected()))
    const stream = openai.responses.stream({ model: 'stub', input })
    const events = []
    for await (const event of stream) events.push(event)
    const final = await stream.finalResponse()
    expect(final.output_text).toBe(words.join(''))
    expect(events.filter(({ type }) => type === 'response.completed')).toHaveLength(1)
    expect(receiptIn(events.at(-1)).receipt.units).toBe(String(expected()))
  })

  test('the anthropic client: messages', async () => {
    const body = { model: 'stub', max_tokens: 100, messages }
    const whole = await anthropic.messages.create(body)
    expect(whole.content).toEqual([{ type: 'text', text: words.join('') }])
    expect(receiptIn(whole).receipt.units).toBe(String(expected()))
    const stream = anthropic.messages.stream(body)
    const events: unknown[] = []
    stream.on('streamEvent', (event) => events.push(event))
    const final = await stream.finalMessage()
    expect(final.content[0]).toMatchObject({ text: words.join('') })
    expect(receiptIn(events.at(-1)).receipt.units).toBe(String(expected()))
  })

  test('the ai client', async () => {
    const provider = createOpenAI({ baseURL: gateway.url, apiKey: 'any' })
    for (const model of [provider.chat('stub'), provider.responses('stub')]) {
      const whole = await generateText({ model, prompt: 'Tell me a story', maxRetries: 0 })
      expect(whole.text).toBe(words.join(''))
      expect(whole.usage.outputTokens).toBe(words.length)
      const streamed = streamText({ model, prompt: 'Tell me a story', maxRetries: 0 })
      expect(await streamed.text).toBe(words.join(''))
    }
    expect(gateway.faults).toEqual([])
  })

  test('completions', async () => {
    const whole = await openai.completions.create({ model: 'stub', prompt: 'Tell me a story' })
    expect(whole.choices[0].text).toBe(words.join(''))
    expect(receiptIn(whole).receipt.units).toBe(String(promptTokens({ prompt: 'Tell me a story' }) + words.length))
  })
})

/** The receipt is the operator's, and its hashes are those of the bytes that were sent and the text that came. */
async function assertSigned({ receipt, signature }: Shown['kinmark']): Promise<void> {
  const message = {
    ...{ user: receipt.user, promptHash: receipt.promptHash, responseHash: receipt.responseHash },
    ...Object.fromEntries(
      ['copyId', 'epoch', 'index', 'units', 'issuedAt'].map((name) => [name, BigInt(receipt[name])]),
    ),
  }
  const typed = receiptTypedData(31_337, usageLedger, message as never)
  expect(await recoverTypedDataAddress({ ...typed, signature })).toBe(testAccount('operator'))
}

test('behavior: the hashes of a receipt are those of the request’s bytes and of the text', async () => {
  const body = JSON.stringify({ model: 'stub', messages, unknown: { kept: [1, null] }, seed: 1 })
  const { text, headers } = await post('/chat/completions', body)
  const { receipt, salt, id } = receiptIn(JSON.parse(text))
  const sha = (data: string) => createHash('sha256').update(data).digest()
  const pair = (a: Uint8Array, b: Uint8Array) => keccak256(Buffer.concat([a, b]))
  expect(receipt.promptHash).toBe(pair(hexToBytes(salt), sha(body)))
  expect(receipt.responseHash).toBe(pair(sha(words.join('')), sha(words.join(''))))
  expect(receipt.user).toBe(zeroAddress)
  const again = await fetch(`${gateway.url}/receipts/${headers.get('x-kinmark-receipt')}`)
  expect(await again.json()).toEqual(JSON.parse(text).kinmark)
  expect(id).toBe(headers.get('x-kinmark-receipt'))
  expect((await fetch(`${gateway.url}/receipts/rcpt_${'0'.repeat(32)}`)).status).toBe(404)
  expect((await fetch(`${gateway.url}/receipts/..%2f`)).status).toBe(404)
})

test('behavior: tools, images, unknown fields and long numbers reach the upstream as they are', async () => {
  const body = `{"model":"stub","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}],"tools":[{"type":"function","function":{"name":"f","parameters":{}}}],"seed":12345678901234567890,"x":{"y":[1.5,null,"é"]}}`
  let raw = ''
  stub.manner = {
    handle(_request, response, seen) {
      raw = JSON.stringify(seen)
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":{"message":"no tools","code":"t"}}')
    },
  }
  const { status, text, headers } = await post('/chat/completions', body)
  expect({ status, text }).toEqual({ status: 400, text: '{"error":{"message":"no tools","code":"t"}}' })
  expect(headers.get('x-kinmark-receipt')).toBeNull()
  expect(JSON.parse(raw)).toEqual(JSON.parse(body))
})

const units = () => gateway.books.epochUnits
const errorOf = (text: string) => (JSON.parse(text) as { error: { code: string; message: string; type: string } }).error

describe('bad requests', () => {
  test.each<[string, string, unknown, number, string]>([
    ['not JSON', '/chat/completions', '{"messages":', 400, 'serve.body-not-json'],
    ['no object', '/chat/completions', '[]', 400, 'gateway.field-invalid'],
    ['no prompt', '/completions', { model: 'm' }, 400, 'gateway.field-invalid'],
    ['two formats at once', '/chat/completions', { messages, prompt: 'x' }, 400, 'gateway.two-formats'],
    ['two formats at once', '/responses', { input: 'x', messages }, 400, 'gateway.two-formats'],
    ['stream of another type', '/chat/completions', { messages, stream: 'yes' }, 400, 'gateway.field-invalid'],
    ['a limit in other letters', '/chat/completions', { messages, MAX_TOKENS: 9 }, 400, 'gateway.field-invalid'],
    [
      'an option in other letters',
      '/chat/completions',
      { messages, stream: true, stream_options: { Include_Usage: false } },
      400,
      'gateway.field-invalid',
    ],
    [
      'too large',
      '/chat/completions',
      { messages: [{ role: 'user', content: 'x'.repeat(2 ** 20) }] },
      413,
      'serve.body-too-large',
    ],
    ['no route', '/nothing', {}, 405, 'serve.method-wrong'],
  ])('error: %s', async (_, path, body, status, code) => {
    const before = units()
    const answer = await post(path, body)
    expect(answer.status).toBe(status)
    expect(errorOf(answer.text).code).toBe(code)
    expect(units()).toBe(before)
  })

  test('error: the shape is that of the format', async () => {
    const { text } = await post('/messages', { messages: null })
    expect(JSON.parse(text)).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } })
    const { status } = await post('/chat/completions', { messages }, { 'content-type': 'text/plain' })
    expect(status).toBe(415)
  })
})

describe('bad upstreams', () => {
  const body = { model: 'stub', messages }
  const html: Manner['handle'] = (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>hi')
  const cases: [string, Manner['handle'], number, string][] = [
    ['hangs', () => undefined, 504, 'gateway.upstream-silent'],
    ['answers HTML', html, 502, 'gateway.upstream-format'],
    [
      'redirects',
      (_, response) => response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
      502,
      'gateway.upstream-redirected',
    ],
    ['fails', (_, response) => response.writeHead(500).end('secret stack'), 502, 'gateway.upstream-status'],
    [
      'refuses its key',
      (_, response) => response.writeHead(401).end('{"error":{"message":"key sk-123"}}'),
      502,
      'gateway.upstream-status',
    ],
    ['hangs up', (request) => request.socket.destroy(), 502, 'gateway.upstream-unreachable'],
    ['answers 1 GB', endless('application/json', 'x'.repeat(65_536)), 502, 'gateway.answer-too-large'],
    [
      'closes in the middle',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 }).write('{"choices":')
        setTimeout(() => response.destroy(), 20)
      },
      502,
      'gateway.upstream-broken',
    ],
    [
      'answers in another format',
      (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"output":[]}'),
      502,
      'gateway.upstream-format',
    ],
  ]
  test.each(cases)('error: one that %s costs nothing', async (_, handle, status, code) => {
    stub.manner = { handle }
    const before = units()
    const answer = await post('/chat/completions', body)
    expect(answer.status).toBe(status)
    expect(errorOf(answer.text).code).toBe(code)
    expect(answer.text).not.toMatch(/secret|sk-123|127\.0\.0\.1/)
    expect(units()).toBe(before)
  })

  test('error: a stream that never ends is cut, with the receipt of what left', async () => {
    const chunk = `data: ${JSON.stringify({ choices: [{ delta: { content: 'x'.repeat(1000) } }] })}\n\n`
    stub.manner = { handle: endless('text/event-stream', chunk) }
    const { text } = await post('/chat/completions', { ...body, stream: true })
    expect(text.match(/\[DONE\]/g)).toHaveLength(1)
    expect(text).toContain('gateway.answer-too-large')
    expect(text).toContain('"kinmark"')
  })

  test('error: a stream that falls silent ends with an error and its receipt', async () => {
    stub.manner = {
      handle(_, response) {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write(`data: ${JSON.stringify({ choices: [{ delta: { content: 'Hi' } }] })}\n\n`)
      },
    }
    await expect(collect({ ...body, stream: true })).rejects.toThrow(/ended its answer in the middle/)
  })

  test('error: an answer that is no stream where one was asked for', async () => {
    stub.manner = { handle: (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}') }
    expect(errorOf((await post('/chat/completions', { ...body, stream: true })).text).code).toBe(
      'gateway.upstream-format',
    )
  })
})

async function collect(body: object): Promise<string> {
  let text = ''
  const stream = await openai.chat.completions.create(body as OpenAI.ChatCompletionCreateParamsStreaming)
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? ''
  return text
}

function endless(type: string, chunk: string): Manner['handle'] {
  return (_, response) => {
    response.writeHead(200, { 'content-type': type })
    const more = () => {
      while (!response.destroyed && response.write(chunk));
      if (!response.destroyed) response.once('drain', more)
    }
    more()
  }
}

describe('clients that leave', () => {
  test('behavior: one that leaves right before the end pays for what left, and for its prompt', async () => {
    stub.manner = { words: ['a', 'b', 'c', 'd', 'e', 'f'], delayMs: 25 }
    const before = units()
    const stop = new AbortController()
    const stream = await openai.chat.completions.create(
      { model: 'stub', messages, stream: true },
      { signal: stop.signal },
    )
    let seen = 0
    for await (const _ of stream) if (++seen === 5) stop.abort()
    await expect.poll(() => units()).toBeGreaterThan(before)
    const charged = Number(units() - before) - promptTokens({ messages })
    expect(charged).toBeGreaterThanOrEqual(5)
    expect(charged).toBeLessThanOrEqual(6)
  })

  test('behavior: one that leaves before the first byte pays nothing, and its upstream is told', async () => {
    let closed = false
    stub.manner = {
      handle: (request) => {
        request.socket.once('close', () => {
          closed = true
        })
      },
    }
    const before = units()
    const stop = new AbortController()
    const promise = openai.chat.completions.create({ model: 'stub', messages }, { signal: stop.signal })
    setTimeout(() => stop.abort(), 50)
    await expect(promise).rejects.toThrow()
    await expect.poll(() => closed).toBe(true)
    expect(units()).toBe(before)
  })

  test('behavior: one that reads nothing is hung up on', async () => {
    const chunk = `data: ${JSON.stringify({ choices: [{ delta: { content: 'x'.repeat(60_000) } }] })}\n\n`
    const slow = await startTestGateway(stub.url, { limits: { slowClientMs: 200, answer: 2 ** 30, event: 2 ** 17 } })
    stub.manner = { handle: endless('text/event-stream', chunk) }
    const request = httpRequest(`${slow.url}/chat/completions`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    })
    request.end(JSON.stringify({ messages, stream: true }))
    const answer = await new Promise<import('node:http').IncomingMessage>((settle) => request.once('response', settle))
    answer.pause()
    const closed = new Promise((settle) => answer.once('close', settle))
    answer.on('error', () => undefined)
    await expect.poll(() => slow.books.epochUnits).toBeGreaterThan(0n)
    answer.resume()
    await closed
    await slow.stop()
  })
})

test('error: requests of strangers never take more memory than the gateway has for all of them', async () => {
  const small = await startTestGateway(stub.url, { limits: { bodies: 300_000 } })
  const ask = (content: string) =>
    fetch(`${small.url}/chat/completions`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ messages: [{ role: 'user', content }] }),
    }).then(async (answer) => ({ status: answer.status, text: await answer.text() }))
  stub.manner = { delayMs: 200 }
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask('x'.repeat(100_000))))
  const served = answers.filter(({ status }) => status === 200)
  expect([1, 2]).toContain(served.length)
  const refused = answers.filter(({ status }) => status === 503)
  expect(refused).toHaveLength(8 - served.length)
  for (const { text } of refused) expect(errorOf(text).code).toBe('serve.busy')
  stub.manner = {}
  expect((await ask('x'.repeat(250_000))).status).toBe(200)
  await small.stop()
})

test('behavior: the key’s cap of an epoch is kept, also by calls that run at once', async () => {
  const small = await startTestGateway(stub.url, { cap: 300n })
  const ask = async () => {
    const body = JSON.stringify({ messages, max_tokens: 4 })
    const answer = await fetch(`${small.url}/chat/completions`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body },
    })
    return answer.status
  }
  const statuses = await Promise.all(Array.from({ length: 20 }, ask))
  expect(new Set(statuses)).toEqual(new Set([200, 503]))
  for (let i = 0; i < 60; i++) await ask()
  expect(small.books.epochUnits).toBeLessThanOrEqual(300n)
  await small.stop()
})

test('behavior: health, models and what the host is', async () => {
  const base = gateway.url.replace('/v1', '')
  expect(await (await fetch(`${base}/health`)).json()).toEqual({ status: 'ok', running: 0 })
  const { data } = (await (await fetch(`${gateway.url}/models`)).json()) as { data: Json[] }
  expect(data).toEqual([{ id: 'stub', object: 'model', kinmark: { copyId: '7', price: '4000000' } }])
  const preflight = await fetch(`${gateway.url}/chat/completions`, { method: 'OPTIONS' })
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
})
