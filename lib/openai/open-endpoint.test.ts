import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { ErrorCode } from '../error'
import { openEndpoint } from './open-endpoint'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

type Handler = (body: Record<string, unknown>, response: ServerResponse, request: IncomingMessage) => void

async function serve(handle: Handler, path = '/v1/completions'): Promise<string> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    handle(JSON.parse(Buffer.concat(parts).toString()), response, request)
  })
  servers.push(server)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
}

const limits = { reach: 'any' as const, timeoutMs: 500, maxBytes: 10_000 }
const open = (address: string, more = {}) => openEndpoint(address, { model: 'tiny', limits, ...more })
const json =
  (value: unknown): Handler =>
  (_, response) =>
    response.end(JSON.stringify(value))

test('default: a completion, with the likeliest token where logprobs are offered', async () => {
  const logprobs = { top_logprobs: [{ ' a': -2, ' the': -0.5 }] }
  const address = await serve((body, response) => {
    expect(body).toMatchObject({ model: 'tiny', prompt: 'Once', max_tokens: 1, temperature: 0 })
    response.end(JSON.stringify({ choices: [{ text: ' a', logprobs: body.logprobs ? logprobs : null }] }))
  })
  expect(await open(address)('Once')).toEqual({
    text: ' a',
    top: [
      [' a', -2],
      [' the', -0.5],
    ],
  })
})

test('default: a chat, with the key in its header', async () => {
  const address = await serve((body, response, { headers }) => {
    expect(headers.authorization).toBe('Bearer sesame')
    expect(body.messages).toEqual([{ role: 'user', content: 'Once' }])
    const content = [{ token: 'Yes', top_logprobs: [{ token: 'Yes', logprob: -0.1 }] }]
    response.end(JSON.stringify({ choices: [{ message: { content: 'Yes' }, logprobs: { content } }] }))
  }, '/v1/chat/completions')
  expect(await open(address, { apiKey: 'sesame' })('Once')).toEqual({ text: 'Yes', top: [['Yes', -0.1]] })
})

test('behavior: an endpoint that rejects logprobs gets requests without them', async () => {
  const requested: unknown[] = []
  const address = await serve((body, response) => {
    requested.push(body.logprobs)
    response.statusCode = body.logprobs === undefined ? 200 : 400
    response.end(JSON.stringify({ choices: [{ text: ' a' }] }))
  })
  const ask = open(address)
  expect([await ask('Once'), await ask('Once')]).toEqual(Array(2).fill({ text: ' a', top: [] }))
  expect(requested).toEqual([20, 5, undefined, undefined])
})

test('behavior: an endpoint that shows five log probabilities and no more is asked for five', async () => {
  const requested: unknown[] = []
  const address = await serve((body, response) => {
    requested.push(body.top_logprobs)
    response.statusCode = Number(body.top_logprobs) <= 5 ? 200 : 400
    const content = [{ token: 'Yes', top_logprobs: [{ token: 'Yes', logprob: -0.1 }] }]
    response.end(JSON.stringify({ choices: [{ message: { content: 'Yes' }, logprobs: { content } }] }))
  }, '/v1/chat/completions')
  const ask = open(address)
  expect([await ask('Once'), await ask('Once')]).toEqual(Array(2).fill({ text: 'Yes', top: [['Yes', -0.1]] }))
  expect(requested).toEqual([20, 5, 5])
})

test('behavior: a chat is asked without reasoning, as far as the endpoint accepts it', async () => {
  const requested: unknown[] = []
  const address = await serve((body, response) => {
    requested.push([body.chat_template_kwargs !== undefined, body.logprobs === true])
    response.statusCode = body.chat_template_kwargs === undefined ? 200 : 400
    response.end(JSON.stringify({ choices: [{ message: { content: 'Yes' } }] }))
  }, '/v1/chat/completions')
  const ask = open(address)
  expect([await ask('Once'), await ask('Once')]).toEqual(Array(2).fill({ text: 'Yes', top: [] }))
  expect(requested).toEqual([
    [true, true],
    [true, true],
    [true, false],
    [false, true],
    [false, true],
  ])
})

test.each<[string, Handler, ErrorCode, Record<string, unknown>]>([
  ['text that is not JSON', (_, response) => response.end('<html>'), 'openai.bad-answer', { body: '<html>' }],
  ['JSON of another shape', json({ choices: [] }), 'openai.bad-answer', { body: '{"choices":[]}' }],
  [
    'a body that is too long',
    (_, response) => response.end('x'.repeat(20_000)),
    'openai.answer-too-long',
    { maxBytes: 10_000 },
  ],
  ['no answer', () => undefined, 'outbound.timeout', { seconds: 0.5 }],
  [
    'a trickle of bytes',
    (_, response) => void setInterval(() => response.write(' '), 50).unref(),
    'outbound.timeout',
    { seconds: 0.5 },
  ],
  [
    'an error',
    (_, response) => response.writeHead(503).end('busy'),
    'openai.bad-status',
    { status: 503, body: 'busy' },
  ],
  [
    'a redirect',
    (_, response) => response.writeHead(307, { location: 'http://10.0.0.1/' }).end(),
    'outbound.redirected',
    { location: 'http://10.0.0.1/' },
  ],
  ['a closed connection', (_, response) => response.destroy(), 'outbound.unreachable', { reason: 'ECONNRESET' }],
])('error: %s', async (_, handle, code, facts) => {
  const host = expect.stringContaining('127.0.0.1:')
  await expect(open(await serve(handle))('Once')).rejects.toMatchObject({ code, facts: { host, ...facts } })
})

test('error: the sentence names the endpoint and what it answered', async () => {
  const address = await serve((_, response) => response.writeHead(503).end('busy'))
  await expect(open(address)('Once')).rejects.toThrow(/^“127\.0\.0\.1:\d+” answered with status 503: busy\.$/)
})

test.each<[string, ErrorCode, Record<string, string>]>([
  ['ftp://x/completions', 'openai.address-invalid', { address: 'ftp://x/completions' }],
  ['http://me:secret@x/completions', 'openai.address-has-credentials', { host: 'x' }],
  ['http://x/v1', 'openai.address-incomplete', { path: '/v1' }],
])('error: %s', (address, code, facts) => {
  expect(() => open(address)).toThrow(expect.objectContaining({ code, facts }))
})

test('error: a server connects neither to itself nor to its network, by number or by name', async () => {
  const address = await serve(json({ choices: [{ text: 'secret' }] }))
  const strict = { limits: { ...limits, reach: 'public' as const } }
  await expect(open(address, strict)('Once')).rejects.toMatchObject({
    code: 'outbound.address-private',
    facts: { address: '127.0.0.1' },
  })
  const byName = address.replace('127.0.0.1', 'localhost')
  await expect(open(byName, strict)('Once')).rejects.toMatchObject({ code: 'outbound.address-private' })
})
