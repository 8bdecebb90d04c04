import { sha256 } from '@noble/hashes/sha2.js'
import { KinmarkError } from '../error'
import { chat } from '../gateway/formats/chat'
import { isJson, type Json, textIn } from '../gateway/formats/format'
import { sseReader } from '../gateway/sse'

/** Bytes of an answer, and of one of its events. */
const limits = { answer: 2 ** 24, event: 2 ** 20 }

const voucherHeader = 'x-kinmark-voucher'
const receiptHeader = 'x-kinmark-receipt'

export type ChatMessage = { role: 'system' | 'user' | 'assistant'; content: string }

export type Question = { model: string; messages: ChatMessage[]; maxTokens: number; temperature?: number }

/** A request as it is sent, and the most units that it can cost: a token is at least a byte. */
export function chatRequest({ model, messages, maxTokens, temperature }: Question): { body: string; units: bigint } {
  const body = JSON.stringify({
    ...{ model, messages, max_tokens: maxTokens, temperature, stream: true },
    stream_options: { include_usage: true },
  })
  const perMessage = 32
  const bytes = new TextEncoder().encode(body).length
  return { body, units: BigInt(bytes + perMessage * (messages.length + 1) + maxTokens) }
}

export type AskOptions = {
  /** The base that has `/v1` below it. */
  base: string
  body: string
  /** The voucher as its header has it. */
  voucher: string
  fetch?: typeof fetch
  signal?: AbortSignal
  /** Text of the answer, or of the thoughts before it, as it comes. */
  onText?(piece: { text: string; thought: boolean }): void
  /** The id of the receipt, as soon as it is known. */
  onReceipt?(id: string): void
}

export type Answer = {
  id: string
  /** The host’s receipt as it came; null where it sent none. */
  receipt: Json | null
  /** SHA-256 of the first piece of text, and of all text. */
  hashes: { first: Uint8Array; all: Uint8Array }
  /** Why the answer is over; null where the host did not say. */
  finish: string | null
  /** Tokens of the answer, as the host counts them. */
  tokens: number | null
  /** Milliseconds from the request to the first and to the last piece of text. */
  firstMs: number | null
  lastMs: number | null
}

/**
 * Sends a request with its voucher and reads the answer as it comes. Throws `payer.refused` for what the host says instead
 * of an answer, `payer.broken` where the answer ends without its end, `payer.unreachable`, and the signal’s reason.
 */
export async function ask({ base, body, voucher, signal, onText, onReceipt, ...options }: AskOptions): Promise<Answer> {
  const send = options.fetch ?? fetch
  const began = performance.now()
  const response = await send(`${base}${chat.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [voucherHeader]: voucher },
    ...{ body, signal, redirect: 'error', credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store' },
  }).catch((cause) => {
    if (signal?.aborted) throw signal.reason
    throw new KinmarkError('payer.unreachable', {}, { cause })
  })
  const id = response.headers.get(receiptHeader) ?? ''
  if (response.status !== 200) throw await refusal(response)
  if (id) onReceipt?.(id)
  const answer: Answer = {
    ...{ id, receipt: null, finish: null, tokens: null, firstMs: null, lastMs: null },
    hashes: { first: sha256(new Uint8Array()), all: sha256(new Uint8Array()) },
  }
  const all = sha256.create()
  let failure: string | null = null
  const take = (event: Json): void => {
    const read = chat.read(event, { usage: true, usageEachEvent: true })
    if (isJson(event.kinmark)) answer.receipt = event.kinmark
    if (isJson(event.error)) failure = textIn(event.error.message)
    if (!read) return
    answer.tokens = read.usage?.answer ?? answer.tokens
    const [choice] = Array.isArray(event.choices) ? event.choices : []
    if (isJson(choice)) answer.finish = textIn(choice.finish_reason) || answer.finish
    if (read.text === '') return
    const bytes = new TextEncoder().encode(read.text)
    if (answer.firstMs === null) answer.hashes.first = sha256(bytes)
    all.update(bytes)
    answer.lastMs = performance.now() - began
    answer.firstMs ??= answer.lastMs
    const delta = isJson(choice) && isJson(choice.delta) ? choice.delta : {}
    const said = textIn(delta.content)
    onText?.({ text: said || read.text, thought: said === '' })
  }
  try {
    for await (const { data } of eventsOf(response)) {
      const json: unknown = data === '' || data === '[DONE]' ? null : JSON.parse(data)
      if (isJson(json)) take(json)
    }
  } catch (cause) {
    if (signal?.aborted) throw signal.reason
    throw new KinmarkError('payer.broken', {}, { cause })
  }
  answer.hashes.all = all.digest()
  if (failure !== null) throw new KinmarkError('payer.refused', { status: 200, message: plain(failure) })
  if (!answer.receipt && answer.firstMs !== null && answer.finish === null) throw new KinmarkError('payer.broken')
  return answer
}

async function* eventsOf({ body }: Response) {
  const reader = sseReader(limits.event)
  let bytes = 0
  const chunks = body?.getReader()
  for (;;) {
    const { done, value } = (await chunks?.read()) ?? { done: true, value: undefined }
    if (done || !value) break
    bytes += value.length
    if (bytes > limits.answer) {
      await chunks?.cancel()
      throw new KinmarkError('gateway.answer-too-large', { maxBytes: limits.answer })
    }
    yield* reader.push(value)
  }
  yield* reader.end()
}

/** What a host says instead of an answer: its sentence, shortened, is shown as its own. */
async function refusal(response: Response): Promise<KinmarkError> {
  const json: unknown = await readJson(response).catch(() => null)
  const error = isJson(json) && isJson(json.error) ? json.error : {}
  return new KinmarkError('payer.refused', { status: response.status, message: plain(textIn(error.message)) })
}

/** JSON of a host, of at most 64 KiB. */
export async function readJson(response: Response): Promise<unknown> {
  const most = 2 ** 16
  const chunks: Uint8Array[] = []
  let bytes = 0
  const reader = response.body?.getReader()
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
    if (done || !value) break
    bytes += value.length
    if (bytes > most) {
      await reader?.cancel()
      throw new KinmarkError('gateway.answer-too-large', { maxBytes: most })
    }
    chunks.push(value)
  }
  const text = new Uint8Array(bytes)
  let at = 0
  for (const chunk of chunks) {
    text.set(chunk, at)
    at += chunk.length
  }
  return JSON.parse(new TextDecoder().decode(text))
}

/** A stranger’s sentence on one line, without what turns text around. */
const plain = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 300)

export type SignedTotals = {
  copyId: bigint
  user: string
  cumulativeUnits: bigint
  cumulativeAmount: bigint
  signature: string
}

/** A voucher and the most units that its call may cost, with its numbers as text. */
export function voucherJson(voucher: SignedTotals, units: bigint): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...voucher, units }).map(([name, value]) => [name, `${value}`]))
}

/** A voucher as its header has it: base64url of its JSON. */
export function voucherText(voucher: SignedTotals, units: bigint): string {
  const text = btoa(JSON.stringify(voucherJson(voucher, units)))
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
