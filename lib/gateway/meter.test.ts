import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type StreamShape, streamShape, streamText } from '../../test/stream-shapes'
import { KinmarkError } from '../error'
import { countUnits } from './count-units'
import type { Delivered } from './delivered'
import { chat } from './formats/chat'
import { completions } from './formats/completions'
import type { Format } from './formats/format'
import { messages } from './formats/messages'
import { responses } from './formats/responses'
import { meterStream, meterWhole, type StreamOptions } from './meter'
import { sseReader } from './sse'

const formats: Record<StreamShape['format'], Format> = { chat, completions, responses, messages }
const limits = { event: 10_000, answer: 100_000, countingMs: 1000 }
const most = 2n ** 40n
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

type Seen = { data: string; json: Record<string, unknown> | null }

/** Meters a stream; `leaveAfter` writes the client is gone. */
async function metered(
  bytes: Uint8Array,
  format: Format,
  options: {
    cuts?: number[]
    leaveAfter?: number
    asked?: StreamOptions['asked']
    breaks?: boolean
    most?: bigint
  } = {},
) {
  const issued: Delivered[] = []
  const faults: unknown[] = []
  let written = ''
  let writes = 0
  const source = (async function* () {
    let from = 0
    for (const cut of [...(options.cuts ?? []), bytes.length].sort((a, b) => a - b)) {
      if (cut > from) yield bytes.subarray(from, cut)
      from = Math.max(from, cut)
    }
    if (options.breaks) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
  })()
  const ended = await meterStream(
    source,
    {
      write(text) {
        if (writes++ === options.leaveAfter) throw new KinmarkError('gateway.client-gone')
        written += text
      },
    },
    {
      format,
      limits,
      most: options.most ?? most,
      asked: options.asked ?? { usage: true, usageEachEvent: false },
      async issue(delivered) {
        issued.push(delivered)
        return countUnits(delivered, most).units > 0n ? { id: 'r' } : null
      },
      onFault: (error) => faults.push(error),
    },
  )
  const events: Seen[] = sseReader(1e6)
    .push(Buffer.from(written))
    .filter(({ data }) => data !== '')
    .map(({ data }) => ({ data, json: data === '[DONE]' ? null : JSON.parse(data) }))
  return { ended, events, issued, faults, written, writes }
}

/** What ends a stream of each format. */
function isEnd({ data, json }: Seen, format: Format): boolean {
  if (format.done) return data === '[DONE]'
  return /^(message_stop|error|response\.(completed|incomplete|failed))$/.test(String(json?.type))
}

function assertOneEnd(events: Seen[], format: Format): void {
  expect(events.filter((event) => isEnd(event, format))).toHaveLength(1)
  expect(isEnd(events.at(-1) as Seen, format)).toBe(true)
  const receipts = events.filter(({ json }) => json && Object.hasOwn(json, 'kinmark'))
  expect(receipts.length).toBeLessThanOrEqual(1)
  if (receipts.length > 0) expect(receipts[0]).toBe(events.filter(({ json }) => json).at(-1))
}

/** Text of the events that a client saw, read by the format. */
function textSeen(events: Seen[], format: Format): string {
  return events
    .map(({ json }) => (json && format.read(json, { usage: true, usageEachEvent: true })?.text) || '')
    .join('')
}

const style = fc.record({ newline: fc.constantFrom('\n', '\r\n', '\r'), space: fc.boolean() })
const cuts = fc.array(fc.nat(2000), { maxLength: 12 })
const bytesOf = (_: StreamShape, events: StreamShape['events'], given: { newline: string; space: boolean }) =>
  Buffer.from(streamText(events, given))

test('behavior: a whole stream of any shape passes as it is, with its usage, one end and one receipt', async () => {
  let shapes = 0
  await fc.assert(
    fc.asyncProperty(streamShape, style, cuts, fc.boolean(), async (shape, given, cut, usage) => {
      shapes++
      const format = formats[shape.format]
      const asked = { usage, usageEachEvent: false }
      const { ended, events, issued, faults } = await metered(bytesOf(shape, shape.events, given), format, {
        cuts: cut,
        asked,
      })
      expect([ended, faults]).toEqual(['complete', []])
      assertOneEnd(events, format)
      expect(issued).toHaveLength(1)
      const [delivered] = issued
      expect(Buffer.from(delivered.textHash).toString('hex')).toBe(sha256(shape.text))
      expect(textSeen(events, format)).toBe(shape.text)
      const { units, by } = countUnits(delivered, most)
      if (shape.tells === 'never' || shape.tells === 'negative') expect(by).toBe('events')
      else expect(units).toBe(BigInt(shape.usage.prompt + shape.usage.answer))
      if (shape.tells === 'never') expect(units).toBe(BigInt(delivered.events))
      if (!format.done || usage) {
        const shown = events.map(({ json }) => ({ ...json, kinmark: undefined }))
        const sent = shape.events.map(({ json }) => (json === '[DONE]' ? {} : { ...json }))
        if (shape.tells === 'each' && format.done)
          for (const each of sent as { choices?: unknown[]; usage?: unknown }[])
            if (each.choices && each.choices.length > 0) each.usage = null
        expect(shown).toEqual(sent.map((each) => ({ ...each, kinmark: undefined })))
      } else for (const { json } of events) expect(json ?? {}).not.toHaveProperty('usage')
    }),
    { numRuns: 250 },
  )
  expect(shapes).toBeGreaterThanOrEqual(250)
})

test('behavior: a client that leaves at any event pays for the text that left, and for no more', async () => {
  let aborted = 0
  await fc.assert(
    fc.asyncProperty(streamShape, style, async (shape, given) => {
      const format = formats[shape.format]
      const bytes = bytesOf(shape, shape.events, given)
      const { writes } = await metered(bytes, format)
      for (let leaveAfter = 0; leaveAfter < writes; leaveAfter++) {
        aborted++
        const { ended, events, issued } = await metered(bytes, format, { leaveAfter })
        expect(issued).toHaveLength(1)
        const [delivered] = issued
        if (ended === 'complete') {
          expect(delivered.complete).toBe(true) // it left while the receipt was on its way
          continue
        }
        expect(ended).toBe('gone')
        const seen = textSeen(events, format)
        expect(Buffer.from(delivered.textHash).toString('hex')).toBe(sha256(seen))
        const { units } = countUnits(delivered, most)
        if (seen === '') expect(units).toBe(0n)
        else if (shape.tells === 'once' || shape.tells === 'each')
          // the prompt is counted although the client left before the upstream said how long it was
          expect(units).toBe(BigInt(shape.usage.prompt + delivered.events))
        expect(units).toBeLessThanOrEqual(BigInt(shape.usage.prompt + shape.usage.answer))
      }
    }),
    { numRuns: 100 },
  )
  expect(aborted).toBeGreaterThan(500)
})

test('behavior: an upstream that breaks at any event, or sends what is none, ends once with an error and its receipt', async () => {
  const broken = fc.constantFrom(
    'close',
    'reset',
    'garbage',
    'foreign',
    'error',
    'done',
    'utf8',
    'huge',
  ) as fc.Arbitrary<'close' | 'reset' | 'garbage' | 'foreign' | 'error' | 'done' | 'utf8' | 'huge'>
  await fc.assert(
    fc.asyncProperty(streamShape, style, broken, fc.nat(), async (shape, given, how, position) => {
      const format = formats[shape.format]
      const ending = shape.events.findIndex(({ json }) => json === '[DONE]' || isEnd({ data: '', json }, format))
      const closing = shape.events.findIndex(({ json }) => json !== '[DONE]' && read(format, json) !== 'running')
      const at = position % Math.max(1, Math.min(ending, closing))
      const before = shape.events.slice(0, at)
      const errorJson =
        format === messages
          ? { type: 'error', error: { message: 'out of memory' } }
          : format === responses
            ? { type: 'error', message: 'out of memory' }
            : { error: { message: 'out of memory' } }
      const inserted = {
        ...{
          close: '',
          reset: '',
          garbage: 'data: {"choices": [\n\n',
          utf8: '',
          huge: `data: ${'x'.repeat(11_000)}\n\n`,
        },
        foreign: format.done ? 'data: {"type":"ping","x":1}\n\n' : 'data: {"choices":[]}\n\n',
        error: `data: ${JSON.stringify(errorJson)}\n\n`,
        done: 'data: [DONE]\n\n',
      }[how]
      const rest = how === 'close' || how === 'reset' || how === 'done' ? [] : shape.events.slice(at)
      const bytes = Buffer.concat([
        bytesOf(shape, before, given),
        Buffer.from(inserted),
        how === 'utf8' ? Buffer.from([0x64, 0xff, 0xfe, 0x0a, 0x0a]) : Buffer.alloc(0),
        bytesOf(shape, rest, given),
      ])
      const { ended, events, issued, faults } = await metered(bytes, format, { breaks: how === 'reset' })
      expect(ended).toBe('failed')
      assertOneEnd(events, format)
      expect(issued).toHaveLength(1)
      expect(issued[0].complete).toBe(false)
      const seen = textSeen(events.slice(0, -1), format)
      expect(Buffer.from(issued[0].textHash).toString('hex')).toBe(sha256(seen))
      expect(faults.length).toBe(how === 'error' ? 0 : 1)
      const last = events.filter(({ json }) => json).at(-1)
      expect(Object.hasOwn(last?.json ?? {}, 'kinmark')).toBe(issued[0].events > 0)
    }),
    { numRuns: 300 },
  )
})

function read(format: Format, json: Record<string, unknown>): string | undefined {
  return format.read(json, { usage: true, usageEachEvent: true })?.state
}

test('behavior: usage that comes twice counts once, what follows the end is dropped, comments keep the connection', async () => {
  const chunk = (more: object) => `data: ${JSON.stringify({ choices: [], ...more })}\n\n`
  const text =
    ': keep-alive\n\n' +
    chunk({ choices: [{ delta: { content: 'Hi' }, finish_reason: 'stop' }] }) +
    chunk({ usage: { prompt_tokens: 5, completion_tokens: 1 } }) +
    chunk({ usage: { prompt_tokens: 5, completion_tokens: 1 } }) +
    'data: [DONE]\n\ndata: [DONE]\n\n' +
    chunk({ choices: [{ delta: { content: 'more' } }] })
  const { events, issued, written } = await metered(Buffer.from(text), chat, {
    asked: { usage: false, usageEachEvent: false },
  })
  expect(written.startsWith(': keep-alive\n\n')).toBe(true)
  expect(events.map(({ data }) => data.includes('Hi') || data)).toEqual([true, '[DONE]'])
  expect(events[0].json).toMatchObject({ kinmark: { id: 'r' } })
  expect(countUnits(issued[0], most).units).toBe(6n)
})

test('behavior: an upstream that counts absurdly is bounded by what the request can cost', () => {
  const hash = new Uint8Array(32)
  const told = (usage: Delivered['usage'], events = 3): Delivered => {
    return { complete: true, events, firstHash: hash, textHash: hash, usage, usageIsCurrent: true }
  }
  expect(countUnits(told({ prompt: 1_000_000, answer: 5 }), 400n)).toEqual({
    units: 400n,
    by: 'upstream',
    capped: true,
  })
  expect(countUnits(told({ prompt: 0, answer: 0 }), 400n)).toEqual({ units: 3n, by: 'events', capped: false })
  expect(countUnits(told({ prompt: 10, answer: 0 }, 0), 400n).units).toBe(10n)
  expect(countUnits(told({}, 0), 400n).units).toBe(0n)
})

test('default: whole answers keep every byte, and end with the receipt', async () => {
  const body =
    '{"id":"x", "choices":[{"message":{"content":"Hi"}}],\n "usage":{"prompt_tokens":4,"completion_tokens":2}, "big": 12345678901234567890 }\n'
  const issued: Delivered[] = []
  const issue = async (delivered: Delivered) => {
    issued.push(delivered)
    return { id: 'r' }
  }
  const text = await meterWhole(body, { format: chat, issue })
  expect(text).toBe(`${body.trimEnd().slice(0, -1)},"kinmark":{"id":"r"}}`)
  expect(countUnits(issued[0], most).units).toBe(6n)
  for (const bad of ['<html>', '[]', '{"content":[]}', '"text"'])
    await expect(meterWhole(bad, { format: chat, issue })).rejects.toMatchObject({ code: 'gateway.upstream-format' })
})

test('error: an upstream that sends more than was paid for is cut there, and what left has its receipt', async () => {
  let cut = 0
  await fc.assert(
    fc.asyncProperty(streamShape, style, fc.bigInt(0n, 6n), async (shape, given, paid) => {
      const format = formats[shape.format]
      const { ended, events, issued } = await metered(bytesOf(shape, shape.events, given), format, { most: paid })
      assertOneEnd(events, format)
      expect(issued).toHaveLength(1)
      const [delivered] = issued
      expect(BigInt(delivered.events)).toBeLessThanOrEqual(paid)
      expect(Buffer.from(delivered.textHash).toString('hex')).toBe(sha256(textSeen(events, format)))
      if (ended === 'failed') cut++
      else expect(textSeen(events, format)).toBe(shape.text)
    }),
    { numRuns: 150 },
  )
  expect(cut).toBeGreaterThan(20)
})
