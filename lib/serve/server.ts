import { createHash, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { KinmarkError, messageOf } from '../error'
import { answer, type Ending, type Piece } from './answer'
import { assertHost } from './assert-host'
import { listen } from './listen'
import { readMessagesRequest, readResponsesRequest } from './other-requests'
import { readBody } from './read-body'
import { readChatRequest, readCompletionRequest, type ServeRequest } from './request'
import type { ServedModel } from './served-model'
import { type Turns, turns } from './turns'
import { chatWriter, completionWriter } from './wire'
import { wireError } from './wire-error'
import { anthropicError, choiceWire, messagesWire, responsesWire, type Wire, type WireContext } from './wire-stream'

export type ServerOptions = {
  host: string
  /** 0 for any free port. */
  port: number
  /** Asked of every client; null for none. */
  apiKey: string | null
  /** Answers generated at once, in turns, and requests that may wait for theirs. */
  limit: { running: number; waiting: number }
  /** Told about what is the server’s own fault. */
  onFault?(error: unknown): void
}

export type RunningServer = {
  /** The address that clients take as their base, `http://127.0.0.1:8080/v1`. */
  url: string
  /** Takes no more requests, lets running answers finish within `graceMs`, and closes the model. */
  close(graceMs: number): Promise<void>
}

const slowClientMs = 30_000
const retryAfterSeconds = 1

/** Bytes of a body: far more than a prompt that fits, because all of a prompt is read as tokens before it is refused. */
function bodyLimit({ runtime: { shape } }: ServedModel): number {
  return Math.max(2 ** 18, 64 * shape.maxPositions)
}

type Serving = {
  model: ServedModel
  options: ServerOptions
  queue: Turns
  created: number
  /** Aborts requests that wait, and then those that run. */
  leaving: { waiting: AbortController; running: AbortController }
}

/** Serves one model over OpenAI’s chat completions, completions and models. Throws `serve.address-unusable`. */
export async function startServer(model: ServedModel, options: ServerOptions): Promise<RunningServer> {
  const leaving = { waiting: new AbortController(), running: new AbortController() }
  const created = Math.floor(Date.now() / 1000)
  const serving: Serving = { model, options, queue: turns(options.limit), created, leaving }
  const handled = new Set<Promise<void>>()
  const server = createServer((request, response) => {
    const done = handle(serving, request, response)
      .then(() => sent(response))
      .finally(() => handled.delete(done))
    handled.add(done)
  })
  server.requestTimeout = 60_000
  const url = await listen(server, options)
  return {
    url,
    async close(graceMs) {
      const closed = once(server, 'close')
      server.close()
      leaving.waiting.abort(new KinmarkError('serve.closing'))
      const grace = new AbortController()
      const finished = Promise.allSettled(handled)
      await Promise.race([finished, wait(graceMs, undefined, { signal: grace.signal }).catch(() => undefined)])
      grace.abort()
      leaving.running.abort(new KinmarkError('serve.closing'))
      await Promise.race([finished, wait(1000, undefined, { ref: false })])
      server.closeAllConnections()
      await closed
      await model.runtime.close()
    },
  }
}

async function handle(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await route(serving, request, response)
  } catch (error) {
    if (response.destroyed || (error instanceof KinmarkError && error.code === 'serve.client-gone')) return
    const { status, body } = wireError(error)
    if (status === 500) serving.options.onFault?.(error)
    if (response.headersSent) return
    if (status === 503) response.setHeader('retry-after', retryAfterSeconds)
    if (status === 401) response.setHeader('www-authenticate', 'Bearer')
    if (!request.complete) leaveUnread(request, response)
    sendJson(response, status, request.url?.startsWith('/v1/messages') ? anthropicError(body, status) : body)
  }
}

/** Resolves once the response has left, or its connection is gone. */
async function sent(response: ServerResponse): Promise<void> {
  if (!response.writableFinished && !response.destroyed)
    await new Promise<void>((settle) => response.once('finish', settle).once('close', settle))
}

/** Ends the connection of a body that is not read to its end, once the client could read why. */
function leaveUnread(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('connection', 'close')
  request.resume()
  response.once('finish', () => setTimeout(() => request.destroy(), 1000).unref())
}

async function route(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { model, options, queue, created, leaving } = serving
  assertHost(request, options)
  const { method = 'GET' } = request
  const [path] = (request.url ?? '/').split('?')
  const described = { id: model.name, object: 'model', created, owned_by: 'kinmark' }
  const shown = { ...described, max_model_len: model.runtime.shape.maxPositions }
  if (path === '/health') {
    assertMethod(request, path, 'GET')
    const { running, waiting } = queue
    return sendJson(response, 200, { status: 'ok', model: model.name, running, waiting })
  }
  if (!path.startsWith('/v1/')) throw new KinmarkError('serve.route-unknown', { method, path })
  assertKey(request, options)
  if (leaving.waiting.signal.aborted) throw leaving.waiting.signal.reason
  if (path === '/v1/models') {
    assertMethod(request, path, 'GET')
    return sendJson(response, 200, { object: 'list', data: [shown] })
  }
  if (path.startsWith('/v1/models/')) {
    assertMethod(request, path, 'GET')
    const asked = decoded(path.slice('/v1/models/'.length))
    if (asked !== model.name) throw new KinmarkError('serve.model-unknown', { model: asked, served: model.name })
    return sendJson(response, 200, shown)
  }
  const read = readers[path]
  if (!read) throw new KinmarkError('serve.route-unknown', { method, path })
  assertMethod(request, path, 'POST')
  const [asked, openWire] = read(await readBody(request, bodyLimit(model)), model)
  await respond(serving, response, asked, openWire)
}

type Reader = (body: unknown, model: ServedModel) => [ServeRequest, (context: WireContext) => Wire]

const readers: Partial<Record<string, Reader>> = {
  '/v1/chat/completions'(body, model) {
    const asked = readChatRequest(body, model)
    const writer = chatWriter({ thinking: asked.thinking, logprobs: asked.job.alternatives !== null })
    return [asked, (context) => choiceWire(writer, context)]
  },
  '/v1/completions'(body, model) {
    const asked = readCompletionRequest(body, model)
    const writer = completionWriter({ logprobs: asked.job.alternatives !== null })
    return [asked, (context) => choiceWire(writer, context)]
  },
  '/v1/responses': (body, model) => [readResponsesRequest(body, model), responsesWire],
  '/v1/messages': (body, model) => [readMessagesRequest(body, model), messagesWire],
}

async function respond(
  { model, queue, leaving }: Serving,
  response: ServerResponse,
  asked: ServeRequest,
  openWire: (context: WireContext) => Wire,
): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort(new KinmarkError('serve.client-gone')))
  if (response.destroyed) throw new KinmarkError('serve.client-gone')
  const [waiting, running] = [leaving.waiting, leaving.running].map((each) =>
    AbortSignal.any([gone.signal, each.signal]),
  )
  await queue.take(waiting, async () => {
    const { job, includeUsage, thinking } = asked
    const wire = openWire({ model: model.name, promptTokens: job.prompt.length, includeUsage, thinking })
    const pieces = answer(model, job, running)
    if (asked.stream) return sendStream(response, wire, pieces, running)
    const all: Piece[] = []
    const ending = await each(pieces, (piece) => void all.push(piece))
    sendJson(response, 200, wire.whole(all, ending))
  })
}

/** Server-sent events; the first one leaves with the first token, so that errors before it have their status. */
async function sendStream(
  response: ServerResponse,
  wire: Wire,
  pieces: AsyncGenerator<Piece, Ending>,
  signal: AbortSignal,
): Promise<void> {
  const send = async (events: string[]) => {
    if (events.length === 0) return
    if (!response.headersSent)
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache',
        'x-accel-buffering': 'no',
      })
    if (response.write(events.join(''))) return
    const patience = AbortSignal.any([signal, AbortSignal.timeout(slowClientMs)])
    await once(response, 'drain', { signal: patience }).catch(() => {
      response.destroy()
      throw new KinmarkError('serve.client-gone')
    })
  }
  let opened = false
  const opening = () => {
    const events = opened ? [] : wire.opening()
    opened = true
    return events
  }
  try {
    const ending = await each(pieces, (piece) => send([...opening(), ...wire.piece(piece)]))
    await send([...opening(), ...wire.closing(ending)])
  } catch (error) {
    if (!response.headersSent || response.destroyed) throw error
    response.end(wire.failure(wireError(error).body))
    throw error
  }
  response.end()
}

/** Calls `take` with every piece and returns how the answer ended. */
async function each(
  pieces: AsyncGenerator<Piece, Ending>,
  take: (piece: Piece) => void | Promise<void>,
): Promise<Ending> {
  for (;;) {
    const next = await pieces.next()
    if (next.done) return next.value
    await take(next.value)
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = Buffer.from(JSON.stringify(body))
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length }).end(text)
}

function assertMethod({ method = 'GET' }: IncomingMessage, path: string, allowed: string): void {
  if (method !== allowed) throw new KinmarkError('serve.method-wrong', { method, path, allowed })
}

/** Compared in constant time. */
function assertKey({ headers }: IncomingMessage, { apiKey }: ServerOptions): void {
  if (apiKey === null) return
  const given = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
  const digest = (text: string) => createHash('sha256').update(text).digest()
  if (!timingSafeEqual(digest(given), digest(apiKey))) throw new KinmarkError('serve.key-invalid')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new KinmarkError('serve.field-invalid', { field: 'model', reason: messageOf(cause) }, { cause })
  }
}
