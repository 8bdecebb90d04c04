import { KinmarkError, messageOf } from '../error'
import { type Delivered, deliveredText } from './delivered'
import { type Format, isJson, type Json, type StreamRead } from './formats/format'
import { type SseEvent, sseReader, sseText } from './sse'
import { wireErrorOf } from './wire-error'

/** Where an answer leaves to. `write` throws `gateway.client-gone` where nobody reads any more. */
export type Sink = { write(text: string): void | Promise<void> }

/** Makes the receipt of what was delivered durable. Null where nothing was, which costs nothing. */
export type Issue = (delivered: Delivered) => Promise<Json | null>

export type StreamOptions = {
  format: Format
  asked: { usage: boolean; usageEachEvent: boolean }
  limits: {
    /** Bytes of one event. */
    event: number
    /** Bytes of the whole answer. */
    answer: number
    /** Milliseconds for which the upstream may go on after its client has left, so that it counts the prompt. */
    countingMs: number
  }
  issue: Issue
  /** Units that the answer can cost: no more events with text leave, since nobody has paid for them. */
  most: bigint
  /** Told why an answer failed. */
  onFault?(error: unknown): void
}

/** The field that carries a receipt. Clients ignore fields that they do not know. */
export const receiptField = 'kinmark'

type Read = { event: SseEvent; json: Json; read: StreamRead }

/**
 * Passes a stream on, event by event, and counts what leaves. The event that ends the answer waits for the receipt, which
 * it carries. A stream that breaks ends with an error in the format’s shape, which carries the receipt of what was
 * delivered. Every stream ends exactly once, whatever the upstream sends.
 */
export async function meterStream(
  source: AsyncIterable<Uint8Array>,
  sink: Sink,
  options: StreamOptions,
): Promise<'complete' | 'failed' | 'gone'> {
  const { format, issue, limits, most } = options
  const delivered = deliveredText()
  let held: Read | null = null
  let gone = false
  let goneAt = 0

  const write = async (text: string): Promise<boolean> => {
    if (gone) return false
    try {
      const wait = sink.write(text)
      if (wait) await wait
    } catch (error) {
      if (!isGone(error)) throw error
      gone = true
      goneAt = performance.now()
    }
    return !gone
  }
  const send = async (each: Read): Promise<void> => {
    const same = each.read.shown === 'same'
    const left = await write(sseText(same ? each.event : { ...each.event, data: JSON.stringify(jsonOf(each)) }))
    if (left) delivered.add(each.read.text, each.read.usage)
  }
  const assertPaid = ({ read: { text } }: Read): void => {
    const events = delivered.events + (held && held.read.text !== '' ? 1 : 0)
    if (text !== '' && events >= most)
      throw new KinmarkError('gateway.upstream-format', { reason: 'it sends more tokens than the request can have' })
  }
  /** Sends what was held, since it was not the end. */
  const release = async (): Promise<void> => {
    const before = held
    held = null
    if (before) await send(before)
  }
  const sendEnd = async (head: string, json: Json, receipt: Json | null): Promise<void> => {
    await write(sseText({ head, data: JSON.stringify(receipt ? { ...json, [receiptField]: receipt } : json) }))
    if (format.done) await write(`data: ${format.done}\n\n`)
  }
  /** Whether nothing more is to be learned for a client that has left. */
  const countedEnough = ({ usage, state }: StreamRead): boolean => {
    delivered.add('', usage?.prompt === undefined ? null : { prompt: usage.prompt })
    const late = performance.now() - goneAt > limits.countingMs
    return delivered.prompt !== undefined || late || state === 'end' || state === 'failed'
  }
  /** Passes events on until the end, which it holds. Returns the upstream’s own error. Throws what breaks the answer. */
  const pass = async (): Promise<Read | null> => {
    let closed = false
    for await (const event of eventsOf(source, limits)) {
      if (event.data === '') {
        await write(sseText(event))
        continue
      }
      if (event.data === '[DONE]') {
        if (format.done) break
        continue
      }
      const each = parse(event, options)
      const { state, shown, usage } = each.read
      if (!gone) {
        if (state === 'failed') return each
        closed ||= state !== 'running'
        if (shown === 'hidden') delivered.add('', usage)
        else {
          assertPaid(each)
          await release()
          if (state === 'running') await send(each)
          else held = each
        }
      }
      if (gone && countedEnough(each.read)) return null
      if (state === 'end') break
    }
    const ended = closed && held !== null && (format.done !== null || (held as Read).read.state === 'end')
    if (!gone && !ended) throw new KinmarkError('gateway.upstream-broken')
    return null
  }

  let failure: Read | KinmarkError | null = null
  try {
    failure = await pass()
  } catch (error) {
    failure = error instanceof KinmarkError ? error : new KinmarkError('gateway.upstream-broken', {}, { cause: error })
  }
  const last = held as Read | null
  if (!failure && !gone && last) {
    delivered.add(last.read.text, last.read.usage)
    const receipt = await issue(delivered.read(true))
    await sendEnd(last.event.head, jsonOf(last), receipt)
    return 'complete'
  }
  if (!gone) await release()
  const receipt = await issue(delivered.read(false))
  if (gone) return 'gone'
  if (failure instanceof KinmarkError) {
    options.onFault?.(failure)
    const { name, json } = format.errorEvent(wireErrorOf(failure))
    await sendEnd(name ? `event: ${name}\n` : '', json, receipt)
  } else if (failure) await sendEnd(failure.event.head, failure.json, receipt)
  return 'failed'
}

function jsonOf({ json, read: { shown } }: Read): Json {
  return shown === 'same' || shown === 'hidden' ? json : shown
}

function parse(event: SseEvent, { format, asked }: StreamOptions): Read {
  const json = parsed(event.data)
  const read = isJson(json) ? format.read(json, asked) : null
  if (!isJson(json) || !read)
    throw new KinmarkError('gateway.upstream-format', { reason: 'an event is of another format' })
  return { event, json, read }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new KinmarkError('gateway.upstream-format', { reason: messageOf(cause) }, { cause })
  }
}

async function* eventsOf(source: AsyncIterable<Uint8Array>, limits: StreamOptions['limits']): AsyncGenerator<SseEvent> {
  const reader = sseReader(limits.event)
  let bytes = 0
  for await (const chunk of source) {
    bytes += chunk.length
    if (bytes > limits.answer) throw new KinmarkError('gateway.answer-too-large', { maxBytes: limits.answer })
    yield* reader.push(chunk)
  }
  yield* reader.end()
}

/** A whole answer with its receipt. Throws what is wrong with it, before anything has left. */
export async function meterWhole(
  text: string,
  { format, issue }: Pick<StreamOptions, 'format' | 'issue'>,
): Promise<string> {
  const json = parsed(text)
  const whole = isJson(json) ? format.whole(json) : null
  if (!whole) throw new KinmarkError('gateway.upstream-format', { reason: 'the answer is of another format' })
  const delivered = deliveredText()
  delivered.add(whole.text, whole.usage)
  const receipt = await issue(delivered.read(true))
  if (!receipt) return text
  return `${text.trimEnd().slice(0, -1)},${JSON.stringify({ [receiptField]: receipt }).slice(1)}`
}

export function isGone(error: unknown): boolean {
  return error instanceof KinmarkError && error.code === 'gateway.client-gone'
}
