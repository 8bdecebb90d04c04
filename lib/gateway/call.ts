import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, type Hex } from 'viem'
import { KinmarkError, messageOf } from '../error'
import { readBytes } from '../serve/read-body'
import type { Books, SetAside } from './books'
import { countUnits } from './count-units'
import type { Delivered } from './delivered'
import { type Format, isJson, type Json } from './formats/format'
import { misspelt } from './formats/limits'
import { parseExactly } from './json'
import type { StoredReceipt } from './log/records'
import { type Issue, meterStream, meterWhole, type Sink } from './meter'
import { mostPromptUnits, mostUnits } from './most-units'
import type { Asked, Hold, KeptAnswer, payInOneOf } from './payer'
import { shownId, shownReceipt } from './shown-receipt'
import { readText, type Upstream, type UpstreamAnswer } from './upstream'

export const receiptHeader = 'x-kinmark-receipt'

type CallLimits = {
  /** Bytes of a request, of an answer, of one event. */
  body: number
  /** Bytes of all requests that are answered at once. */
  bodies: number
  answer: number
  event: number
  /** Milliseconds for which a client may read nothing. */
  slowClientMs: number
  /** Milliseconds for which an answer goes on to be counted after its client has left. */
  countingMs: number
}

export type Calls = {
  books: Books
  upstream: Upstream
  /** Whether the upstream counts tokens with each event of a stream when it is asked to. */
  countsEachEvent: boolean
  limits: CallLimits
  /** Units of an epoch that the operator key may sign for. */
  cap: bigint
  pay: ReturnType<typeof payInOneOf>
  onFault?(error: unknown): void
}

/** No answer can have more units than this. */
const mostOfAll = 2n ** 40n

/** Answers one call through the upstream, and issues its receipt before the answer’s end leaves. */
export function callAnswerer(calls: Calls) {
  const { books, limits } = calls
  let bodies = 0

  return async (format: Format, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let read = 0
    const bytes = readBytes(request, limits.body, (more) => {
      if (bodies + more > limits.bodies) throw new KinmarkError('serve.busy', { waiting: 0 })
      bodies += more
      read += more
    })
    await bytes
      .then((all) => answerCall(format, all, request, response))
      .finally(() => {
        bodies -= read
      })
  }

  async function answerCall(
    format: Format,
    bytes: Buffer,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = readRequest(bytes, format)
    const limit = format.answerLimit(body)
    const prompt = BigInt(mostPromptUnits(body, format))
    const most = limit === null ? null : mostUnits(body, format, limit)
    const id = books.newId()
    const receipt = shownId(id)
    const asked: Asked = { path: format.path, bytes, prompt, most, answers: format.answers(body), receipt }
    if (books.failure) throw books.failure
    const hold = await paidFor(calls, request, response, asked)
    if ('repeat' in hold) return sendKept(response, hold.repeat)
    setHeaders(response, hold.headers)
    const units = hold.units ?? mostOfAll
    const counted = hold.units ?? asked.prompt
    const aside = { units: hold.units, epochUnits: 0n }
    let issued = false
    try {
      await books.openUnits(counted, calls.cap)
      aside.epochUnits = counted
      response.setHeader(receiptHeader, receipt)
      const limited = hold.units === null ? body : withLimit(body, format, limit, hold.units - prompt)
      const sent = JSON.stringify(format.toUpstream(limited, { eachEvent: calls.countsEachEvent }))
      const issue = (): IssueStored => {
        const issueOne = issuer(calls, { id, hold, bytes, most: units, aside })
        return async (delivered) => {
          const stored = await issueOne(delivered)
          issued = stored !== null
          return stored
        }
      }
      await respond({ ...calls, format, body, sent, issue, hold, most: units }, request, response)
    } finally {
      if (!issued) await books.giveBack(hold, aside)
      hold.over?.()
    }
  }
}

/** Sets money aside for a call. The headers of a refusal say how to pay. */
async function paidFor({ pay }: Calls, request: IncomingMessage, response: ServerResponse, asked: Asked) {
  return pay.hold(request, asked).catch(async (error) => {
    setHeaders(response, await pay.refusal(request, asked, error).catch(() => ({})))
    throw error
  })
}

function setHeaders(response: ServerResponse, headers: Record<string, string> = {}): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
}

function sendKept(response: ServerResponse, { type, headers, text }: KeptAnswer): void {
  setHeaders(response, headers)
  sendText(response, 200, text, type)
}

/** Whatever fields of a request name a limit, the upstream gets one that was paid for. */
function withLimit(body: Json, format: Format, limit: number | null, units: bigint): Json {
  const each = Math.max(1, Number(units / BigInt(format.answers(body))))
  return format.withAnswerLimit(body, limit ?? each)
}

/** Understands as much of a request as the gateway must: all else passes as it is. */
function readRequest(bytes: Uint8Array, format: Format): Json {
  let body: unknown
  try {
    body = parseExactly(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new KinmarkError('serve.body-not-json', { reason: messageOf(cause) }, { cause })
  }
  if (!isJson(body)) throw new KinmarkError('gateway.field-invalid', { field: 'body', reason: 'it must be an object.' })
  const other = ['messages', 'prompt', 'input'].find((field) => field !== format.prompt && body[field] != null)
  if (other && body[format.prompt] != null)
    throw new KinmarkError('gateway.two-formats', { path: format.path, field: other })
  const field = misspelt(body) ?? (isJson(body.stream_options) ? misspelt(body.stream_options) : null)
  if (field !== null)
    throw new KinmarkError('gateway.field-invalid', { field: field.slice(0, 80), reason: 'write it in small letters.' })
  if (body[format.prompt] == null)
    throw new KinmarkError('gateway.field-invalid', { field: format.prompt, reason: 'it is missing.' })
  if (body.stream != null && typeof body.stream !== 'boolean')
    throw new KinmarkError('gateway.field-invalid', { field: 'stream', reason: 'it must be true or false.' })
  if (body.background === true)
    throw new KinmarkError('gateway.field-invalid', { field: 'background', reason: 'answers are given at once only.' })
  return body
}

type IssueOptions = { id: Hex; hold: Hold; bytes: Uint8Array; most: bigint; aside: SetAside }

function issuer({ books, onFault }: Calls, { id, hold, bytes, most, aside }: IssueOptions): IssueStored {
  const salt = randomBytes(32)
  const promptHash = pair(salt, createHash('sha256').update(bytes).digest())
  return async (delivered: Delivered) => {
    const { units, by, capped } = countUnits(delivered, most)
    if (units === 0n) return null
    if (capped)
      onFault?.(
        new KinmarkError('gateway.upstream-format', { reason: 'it counts more tokens than the request can have' }),
      )
    const stored = await books.issue({
      ...{ id, user: hold.user, units, price: hold.price, counted: by, paid: hold.paid, aside },
      ...{
        promptHash: bytesToHex(promptHash),
        responseHash: bytesToHex(pair(delivered.firstHash, delivered.textHash)),
      },
      salt: bytesToHex(salt),
    })
    return stored
  }
}

/** keccak256 of two words, as `promptHash` and `responseHash` of a receipt have it. */
function pair(a: Uint8Array, b: Uint8Array): Uint8Array {
  return keccak_256(Buffer.concat([a, b]))
}

type Responding = Calls & {
  format: Format
  body: Json
  sent: string
  /** Called while the upstream works, since it hashes the request. */
  issue(): IssueStored
  hold: Hold
  most: bigint
}

type IssueStored = (delivered: Delivered) => Promise<StoredReceipt | null>

async function respond(calls: Responding, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { upstream, format, body, sent, limits, hold } = calls
  const gone = new AbortController()
  const leave = () => gone.abort(new KinmarkError('gateway.client-gone'))
  response.once('close', leave)
  if (response.destroyed) throw new KinmarkError('gateway.client-gone')
  const asked = upstream.ask('POST', format.path, { body: sent, headers: request.headers, signal: gone.signal })
  const issueStored = calls.issue()
  let stored: StoredReceipt | null = null
  const issue: Issue = async (delivered) => {
    stored = await issueStored(delivered)
    return stored && shownReceipt(stored)
  }
  const answer = await asked
  try {
    if (answer.status !== 200) return await passError(answer, response, limits)
    assertContent(answer, body.stream === true)
    if (body.stream !== true) {
      const whole = await readText(answer.body, limits.answer)
      response.off('close', leave)
      if (response.destroyed) throw new KinmarkError('gateway.client-gone')
      const text = await meterWhole(whole, { format, issue })
      if (stored) setHeaders(response, await hold.receiptHeaders?.(stored))
      hold.keep?.({ type: jsonType, headers: paymentHeadersOf(response), text })
      return sendText(response, 200, text)
    }
    setHeaders(response, hold.streamHeaders)
    response.off('close', leave)
    const stop = () => setTimeout(() => answer.body.destroy(), limits.countingMs).unref()
    response.once('close', stop)
    let text = ''
    const sink = sinkOf(response, limits)
    const kept: Sink = {
      write(more) {
        text += more
        return sink.write(more)
      },
    }
    const options = { format, asked: usageAsked(body), limits, issue, most: calls.most, onFault: calls.onFault }
    const ended = await meterStream(answer.body, hold.keep ? kept : sink, options)
    if (ended !== 'gone') hold.keep?.({ type: streamType, headers: paymentHeadersOf(response), text })
    response.off('close', stop)
    response.end()
  } finally {
    if (!answer.body.readableEnded) answer.body.destroy()
  }
}

const jsonType = 'application/json'
const streamType = 'text/event-stream; charset=utf-8'

/** The headers of an answer that tell its client about its payment. */
function paymentHeadersOf(response: ServerResponse): Record<string, string> {
  const names = [receiptHeader, 'payment-response']
  return Object.fromEntries(
    names.flatMap((name) => (response.hasHeader(name) ? [[name, String(response.getHeader(name))]] : [])),
  )
}

function usageAsked({ stream_options }: Json): { usage: boolean; usageEachEvent: boolean } {
  if (!isJson(stream_options)) return { usage: false, usageEachEvent: false }
  return {
    usage: stream_options.include_usage === true,
    usageEachEvent: stream_options.continuous_usage_stats === true,
  }
}

function assertContent({ headers }: UpstreamAnswer, stream: boolean): void {
  const found = (headers['content-type'] ?? '').split(';')[0].trim().toLowerCase()
  const expected = stream ? 'text/event-stream' : 'application/json'
  if (found !== expected)
    throw new KinmarkError('gateway.upstream-format', {
      reason: `it sends ${found || 'no type'} instead of ${expected}`,
    })
}

/** What the upstream says is wrong with the request is for the client; what is wrong with the upstream is not. */
async function passError(
  { status, headers, body }: UpstreamAnswer,
  response: ServerResponse,
  limits: CallLimits,
): Promise<void> {
  if (status < 400 || status === 401 || status === 403 || status >= 500)
    throw new KinmarkError('gateway.upstream-status', { status })
  const text = await readText(body, limits.event)
  const json = parsedOrNull(text)
  if (!isJson(json) || !(isJson(json.error) || json.object === 'error'))
    throw new KinmarkError('gateway.upstream-status', { status })
  if (headers['retry-after']) response.setHeader('retry-after', headers['retry-after'])
  response.removeHeader(receiptHeader)
  sendText(response, status, text)
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export function sendText(response: ServerResponse, status: number, text: string, type = jsonType): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) }).end(text)
}

/** Waits where a client reads slowly, and hangs up where it reads nothing. */
function sinkOf(response: ServerResponse, { slowClientMs }: CallLimits): Sink {
  return {
    write(text) {
      if (response.destroyed) throw new KinmarkError('gateway.client-gone')
      const first = !response.headersSent
      if (first)
        response.writeHead(200, {
          'content-type': streamType,
          'cache-control': 'no-cache',
          'x-accel-buffering': 'no',
        })
      if (!response.write(text)) return drained(response, slowClientMs)
      if (first) return new Promise((settle) => process.nextTick(settle)) // it leaves before the next event is read
    },
  }
}

async function drained(response: ServerResponse, slowClientMs: number): Promise<void> {
  const done = new AbortController()
  const { signal } = done
  const late = wait(slowClientMs, 'late', { signal }).catch(() => null)
  const first = await Promise.race([
    once(response, 'drain', { signal }).catch(() => null),
    once(response, 'close', { signal }).catch(() => null),
    late,
  ])
  done.abort()
  if (first === 'late') response.destroy()
}
