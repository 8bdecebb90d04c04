import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { KinmarkError, messageOf } from '../../error'
import { type CheckOptions, checkReceipt, type Exchange } from '../../metering/check-receipt'
import { assertHost } from '../../serve/assert-host'
import { listen } from '../../serve/listen'
import { readBytes } from '../../serve/read-body'
import { receiptHeader, sendText } from '../call'
import { chat } from '../formats/chat'
import { type Format, isJson, type Json } from '../formats/format'
import { formats } from '../formats/formats'
import { parseExactly } from '../json'
import { receiptField } from '../meter'
import { mostUnits } from '../most-units'
import { sseReader } from '../sse'
import { readText, type Upstream, type UpstreamAnswer } from '../upstream'
import { encodeVoucher, voucherHeader } from '../vouchers'
import { wireErrorOf } from '../wire-error'
import type { OpenCall, Wallet } from './wallet'

export type ProxyOptions = {
  host: string
  /** 0 for any free port. */
  port: number
  /** The host of the copy. */
  upstream: Upstream
  wallet: Wallet
  check: CheckOptions
  /** Tokens that an answer may have where the request names no limit. */
  answerTokens: number
  /** Bytes of a request, and of a whole answer. */
  limits: { body: number; answer: number }
  say(line: string): void
}

export type RunningProxy = { url: string; close(): Promise<void> }

type Proxying = ProxyOptions & {
  /** Why nothing more is sent to the host; null while it is trusted. */
  distrust: KinmarkError | null
  running: number
}

/**
 * Serves the clients of this machine and pays for them: each call carries a voucher for what the calls so far did cost
 * and the most that this one may cost. Throws `serve.address-unusable`.
 */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const proxying: Proxying = { ...options, distrust: null, running: 0 }
  const server = createServer({ noDelay: true }, (request, response) => void handle(proxying, request, response))
  const url = await listen(server, options)
  return {
    url,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
      await settleUp(proxying)
    },
  }
}

async function handle(proxying: Proxying, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').split('?')[0]
  try {
    assertHost(request, proxying)
    const format = formats[path]
    if (format && request.method === 'POST') return await pass(proxying, format, request, response)
    if (request.method !== 'GET') throw new KinmarkError('serve.route-unknown', { method: request.method ?? '', path })
    const answer = await proxying.upstream.ask('GET', path, { headers: request.headers })
    sendText(response, answer.status, await readText(answer.body, proxying.limits.answer))
  } catch (error) {
    if (response.destroyed) return
    if (response.headersSent) return void response.destroy()
    const wire = wireErrorOf(error)
    const status = error instanceof KinmarkError && error.code === 'gateway.budget-spent' ? 402 : wire.status
    sendText(response, status, JSON.stringify((formats[path] ?? chat).errorBody({ ...wire, status })))
  }
}

async function pass(
  proxying: Proxying,
  format: Format,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { wallet, limits, answerTokens } = proxying
  const bytes = await readBytes(request, limits.body)
  const body = parsed(bytes)
  if (!isJson(body)) throw new KinmarkError('gateway.field-invalid', { field: 'body', reason: 'it must be an object.' })
  if (proxying.distrust) throw proxying.distrust
  await learnUnknown(proxying)
  const units = mostUnits(body, format, format.answerLimit(body) ?? answerTokens)
  proxying.running++
  try {
    for (let attempt = 0; ; attempt++) {
      const open = await wallet.open(units)
      const retry = await callOnce(
        { ...proxying, format, bytes, body, open, units },
        proxying,
        request,
        response,
        attempt,
      )
      if (!retry) return
    }
  } finally {
    proxying.running--
    if (proxying.running === 0) void settleUp(proxying)
  }
}

/** As the host parses it, so that both weigh the same request. */
function parsed(bytes: Buffer): unknown {
  try {
    return parseExactly(bytes.toString('utf8'))
  } catch (cause) {
    throw new KinmarkError('serve.body-not-json', { reason: messageOf(cause) }, { cause })
  }
}

type Calling = Proxying & { format: Format; bytes: Buffer; body: Json; open: OpenCall; units: bigint }

/** Sends a call with its voucher. Returns true where it should be tried again with another. */
async function callOnce(
  calling: Calling,
  proxying: Proxying,
  request: IncomingMessage,
  response: ServerResponse,
  attempt: number,
): Promise<boolean> {
  const { upstream, format, bytes, body, open, limits } = calling
  const gone = new AbortController()
  const leave = () => gone.abort(new KinmarkError('gateway.client-gone'))
  response.once('close', leave)
  let id: string | null = null
  try {
    const own = { [voucherHeader]: encodeVoucher(open.call) }
    const answer = await upstream.ask('POST', format.path, {
      body: bytes,
      headers: request.headers,
      own,
      signal: gone.signal,
    })
    id = idOf(answer)
    if (answer.status !== 200) {
      const text = await readText(answer.body, limits.answer)
      await open.settle(0n)
      if (attempt === 0 && answer.status === 402 && (await adoptAccount(calling, text))) return true
      sendText(response, answer.status, text)
      return false
    }
    const stream = body.stream === true
    const seen = stream ? await passStream(calling, answer, response) : await readWhole(calling, answer)
    await finish(calling, proxying, id, seen) // before the client knows that the answer is over
    if (id && !stream) response.setHeader(receiptHeader, id)
    if (stream) response.end()
    else sendText(response, 200, seen.body)
    return false
  } catch (error) {
    await open.leaveOpen(id)
    throw error
  } finally {
    response.off('close', leave)
  }
}

function idOf({ headers }: UpstreamAnswer): string | null {
  const id = headers[receiptHeader]
  return typeof id === 'string' ? id : null
}

/** What came back: the receipt, and the text that it must be for; null where not all of it is known. */
type Seen = { receipt: Json | null; text: Exchange['text']; body: string }

async function readWhole({ format, limits }: Calling, answer: UpstreamAnswer): Promise<Seen> {
  const text = await readText(answer.body, limits.answer)
  const json: unknown = JSON.parse(text)
  const whole = isJson(json) ? format.whole(json) : null
  if (!isJson(json) || !whole)
    throw new KinmarkError('gateway.upstream-format', { reason: 'the answer is of another format' })
  const hash = createHash('sha256').update(whole.text).digest()
  const receipt = json[receiptField]
  return { receipt: isJson(receipt) ? receipt : null, text: { first: hash, all: hash }, body: text }
}

async function passStream({ format }: Calling, answer: UpstreamAnswer, response: ServerResponse): Promise<Seen> {
  const reader = sseReader(2 ** 24)
  const all = createHash('sha256')
  let first: Buffer | null = null
  let receipt: Json | null = null
  if (idOf(answer)) response.setHeader(receiptHeader, idOf(answer) as string)
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  for await (const chunk of answer.body) {
    for (const { data } of reader.push(chunk)) {
      const json = data === '' || data === '[DONE]' ? null : JSON.parse(data)
      if (!isJson(json)) continue
      const text = format.read(json, { usage: true, usageEachEvent: true })?.text ?? ''
      if (text !== '') {
        first ??= createHash('sha256').update(text).digest()
        all.update(text)
      }
      if (isJson(json[receiptField])) receipt = json[receiptField]
    }
    if (response.destroyed) throw new KinmarkError('gateway.client-gone')
    if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')]).catch(() => null)
  }
  return { receipt, text: { first: first ?? createHash('sha256').digest(), all: all.digest() }, body: '' }
}

/** Checks the receipt and enters what the call did cost. */
async function finish(calling: Calling, proxying: Proxying, id: string | null, { receipt, text }: Seen): Promise<void> {
  const { open, units, bytes, wallet } = calling
  if (!receipt) return open.leaveOpen(id)
  try {
    const cost = await checkReceipt(receipt, { id: id ?? '', units, request: bytes, text }, calling.check)
    await open.settle(cost)
    await wallet.keepReceipt(receipt)
  } catch (error) {
    await open.leaveOpen(id)
    distrust(proxying, error)
  }
}

function distrust(proxying: Proxying, error: unknown): void {
  const reason = messageOf(error)
  proxying.distrust = new KinmarkError('gateway.host-distrusted', { reason }, { cause: error })
  proxying.say(proxying.distrust.message)
}

/** Asks for the receipts of calls that ended without one. One that does not exist costs nothing. */
async function learnUnknown({ wallet, upstream, limits }: Proxying): Promise<void> {
  for (const { id, units } of wallet.unknown()) {
    const answer = await upstream.ask('GET', `/v1/receipts/${encodeURIComponent(id)}`, {}).catch(() => null)
    if (!answer) continue
    const text = await readText(answer.body, limits.answer).catch(() => '')
    if (answer.status === 404) await wallet.learn(id, 0n)
    if (answer.status !== 200) continue
    const cost = BigInt((JSON.parse(text) as { receipt: { units: string } }).receipt.units)
    if (cost <= units) await wallet.learn(id, cost)
  }
}

/** Takes over the account that the host keeps, after it has refused a voucher as too low or used. */
async function adoptAccount({ wallet, upstream, check, limits }: Calling, refusal: string): Promise<boolean> {
  if (!/gateway\.voucher-(units-low|amount-low|used)/.test(refusal)) return false
  const answer = await upstream.ask('GET', `/v1/kinmark/accounts/${check.user}`, {})
  const text = await readText(answer.body, limits.answer)
  if (answer.status !== 200) return false
  const { units, cost } = JSON.parse(text) as { units: string; cost: string }
  return wallet.adopt({ units: BigInt(units), cost: BigInt(cost) })
}

/** Tells the host what the calls did cost, so that nothing more than that is settled. */
async function settleUp({ wallet, upstream, say }: Proxying): Promise<void> {
  const voucher = wallet.exact()
  if (!voucher) return
  const body = JSON.stringify(encodeVoucher(voucher))
  const answer = await upstream.ask('POST', '/v1/kinmark/vouchers', { body }).catch(() => null)
  if (!answer) return
  answer.body.resume()
  if (answer.status !== 200 && answer.status !== 402) say(`The host answered the voucher with status ${answer.status}.`)
}
