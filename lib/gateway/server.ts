import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { getAddress, isAddress } from 'viem'
import { KinmarkError, messageOf } from '../error'
import { listen } from '../serve/listen'
import { readBytes } from '../serve/read-body'
import type { Books } from './books'
import { type Calls, callAnswerer, receiptHeader, sendText } from './call'
import { chat } from './formats/chat'
import type { Json } from './formats/format'
import { formats } from './formats/formats'
import { isGone } from './meter'
import { parseId, shownId, shownReceipt } from './shown-receipt'
import { readText } from './upstream'
import { decodeVoucher } from './vouchers'
import { type WireError, wireErrorOf } from './wire-error'
import { requiredHeader, responseHeader } from './x402/wire'

export type GatewayOptions = {
  host: string
  /** 0 for any free port. */
  port: number
  calls: Calls
  /** What is said about this host at `/v1/kinmark`. */
  about(): Json
  /** What the copy’s owner is told, whose request it is. Throws `gateway.owner-unproven`. */
  status?(authorization: string | undefined): Promise<Json>
  /** Checks and stores a voucher that comes without a call. */
  takeVoucher(call: ReturnType<typeof decodeVoucher>): Promise<void>
  /** Calls that may run at once. */
  mostRunning: number
}

export type RunningGateway = {
  /** `http://127.0.0.1:8090/v1` */
  url: string
  /** Takes no more calls, and waits for those that run. */
  close(graceMs: number): Promise<void>
}

type Serving = GatewayOptions & { answer: ReturnType<typeof callAnswerer>; running: number; closing: boolean }

/** Serves calls of all formats. Throws `serve.address-unusable`. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const serving: Serving = { ...options, answer: callAnswerer(options.calls), running: 0, closing: false }
  const handled = new Set<Promise<void>>()
  const server = createServer({ noDelay: true, keepAliveTimeout: 30_000 }, (request, response) => {
    const done = handle(serving, request, response).finally(() => handled.delete(done))
    handled.add(done)
  })
  server.requestTimeout = 60_000
  const url = await listen(server, options)
  return {
    url,
    async close(graceMs) {
      serving.closing = true
      const closed = once(server, 'close')
      server.close()
      const grace = new AbortController()
      const finished = Promise.allSettled(handled)
      await Promise.race([finished, wait(graceMs, undefined, { signal: grace.signal }).catch(() => undefined)])
      grace.abort()
      server.closeAllConnections()
      await closed
      await finished
    },
  }
}

async function handle(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').split('?')[0]
  try {
    await route(serving, path, request, response)
  } catch (error) {
    if (response.destroyed || isGone(error)) return void response.destroy()
    const wire = wireErrorOf(error)
    if (wire.status >= 500) serving.calls.onFault?.(error)
    if (response.headersSent) return void response.end(lastWords(path, wire))
    response.removeHeader(receiptHeader)
    if (wire.status === 503) response.setHeader('retry-after', 1)
    if (!request.complete) leaveUnread(request, response)
    sendText(response, wire.status, JSON.stringify((formats[path] ?? chat).errorBody(wire)))
  }
}

/** What ends a stream whose receipt could not be stored. */
function lastWords(path: string, error: WireError): string {
  const { errorEvent, done } = formats[path] ?? chat
  const { name, json } = errorEvent(error)
  return `${name ? `event: ${name}\n` : ''}data: ${JSON.stringify(json)}\n\n${done ? `data: ${done}\n\n` : ''}`
}

/** Ends the connection of a body that is not read to its end, once the client could read why. */
function leaveUnread(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('connection', 'close')
  request.resume()
  response.once('finish', () => setTimeout(() => request.destroy(), 1000).unref())
}

async function route(
  serving: Serving,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { calls } = serving
  const { method = 'GET' } = request
  allowPages(response)
  if (method === 'OPTIONS') return void response.writeHead(204).end()
  if (path === '/health') {
    const { running, closing } = serving
    const failure = calls.books.failure
    return sendJson(response, failure || closing ? 503 : 200, {
      status: failure ? messageOf(failure) : closing ? 'closing' : 'ok',
      running,
    })
  }
  if (serving.closing) throw new KinmarkError('serve.closing')
  const format = formats[path]
  if (format) {
    assertMethod(method, path, 'POST')
    if (serving.running >= serving.mostRunning) throw new KinmarkError('serve.busy', { waiting: 0 })
    serving.running++
    return await serving.answer(format, request, response).finally(() => serving.running--)
  }
  if (path === '/v1/kinmark/vouchers') {
    assertMethod(method, path, 'POST')
    const call = decodeVoucher((await readBytes(request, 4096)).toString('utf8').replace(/^"|"$/g, ''))
    await serving.takeVoucher(call)
    return sendJson(response, 200, await accountOf(calls.books, call.voucher.user))
  }
  assertMethod(method, path, 'GET')
  if (path === '/v1/models') return sendJson(response, 200, await modelsOf(calls, serving.about()))
  if (path === '/v1/kinmark') return sendJson(response, 200, serving.about())
  if (path === '/v1/kinmark/status' && serving.status)
    return sendJson(response, 200, {
      ...(await serving.status(request.headers.authorization)),
      running: serving.running,
    })
  const [, user] = /^\/v1\/kinmark\/accounts\/(0x[0-9a-fA-F]{40})$/.exec(path) ?? []
  if (user && isAddress(user, { strict: false })) return sendJson(response, 200, await accountOf(calls.books, user))
  const [, text] = /^\/v1\/receipts\/([^/]+)$/.exec(path) ?? []
  if (text !== undefined) {
    const id = parseId(text)
    const stored = id && (await calls.books.find(id))
    if (!stored) throw new KinmarkError('gateway.receipt-unknown', { id: text })
    return sendJson(response, 200, { ...shownReceipt(stored), id: shownId(stored.id) })
  }
  throw new KinmarkError('serve.route-unknown', { method, path })
}

const exposed = [receiptHeader, requiredHeader, responseHeader, 'ratelimit', 'ratelimit-policy', 'retry-after'].join(
  ', ',
)

/** Pages of any origin may call: nothing here depends on cookies or on the network that a browser is in. */
function allowPages(response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-allow-headers', '*, authorization')
  response.setHeader('access-control-expose-headers', exposed)
}

/** What a user owes so far, in units and in USDC of 12 decimals. */
async function accountOf(books: Books, user: string): Promise<Json> {
  const { units, cost } = await books.account(getAddress(user))
  return { user: getAddress(user), units: `${units}`, cost: `${cost}` }
}

/** The upstream’s models, each with what its answers cost here. */
async function modelsOf({ upstream, limits }: Calls, about: Json): Promise<Json> {
  const { status, body } = await upstream.ask('GET', '/v1/models', {})
  const text = await readText(body, limits.event)
  if (status !== 200) throw new KinmarkError('gateway.upstream-status', { status })
  const list = JSON.parse(text)
  const data = Array.isArray(list?.data) ? list.data : []
  return { object: 'list', data: data.map((model: Json) => ({ ...model, kinmark: about })) }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendText(response, status, JSON.stringify(body))
}

function assertMethod(method: string, path: string, allowed: string): void {
  if (method !== allowed) throw new KinmarkError('serve.method-wrong', { method, path, allowed })
}
