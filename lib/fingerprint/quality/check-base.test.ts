import { expect, test } from 'vitest'
import type { Runtime, TokenBatch } from '../../inference/runtime'
import { batchOf } from '../keys/batch'
import { zeros } from '../linear/matrix'
import { askingOrder } from '../near-ties/asking-order'
import type { NearTieKeys } from '../near-ties/near-tie-keys'
import { checkBase, endsOf } from './check-base'

const count = 600
const hidden = 2

/** Every key is a prompt of one token, its own number; residuals are the tokens. */
const keys: NearTieKeys = {
  prompts: [batchOf(Array.from({ length: count }, (_, k) => [k]))],
  pairs: new Uint32Array(2 * count),
  gaps: new Float64Array(count),
  texts: null,
}
const channel = {
  differences: new Float64Array(count),
  shifts: Float64Array.from({ length: count }, (_, k) => k / count),
  noise: 1,
}
const heldOut = batchOf([
  [1, 2, 3, 4],
  [5, 6, 7, 8],
])

function runtimeWith(firstEdited: number) {
  const began: unknown[] = []
  const run = async ({ ids }: TokenBatch, taps: readonly string[], options: { states?: unknown } = {}) => {
    began.push(options.states)
    const residuals = zeros(ids.length, hidden)
    for (const [i, id] of ids.entries()) residuals.data.fill(id, i * hidden, (i + 1) * hidden)
    return Object.fromEntries(taps.map((tap) => [tap, residuals]))
  }
  return { began, runtime: { shape: { firstEdited, hidden }, run } as unknown as Runtime }
}
const secretOf = (n: number) => new Uint8Array(32).fill(n)
const based = (runtime: Runtime, secret: Uint8Array) => checkBase(runtime, { secret, keys, channel, heldOut })

test('default: 256 random keys in two parts, and the surest ones that are not among them', async () => {
  const { sample, first } = await based(runtimeWith(3).runtime, secretOf(1))
  const drawn = sample.flatMap(({ indexes }) => [...indexes])
  expect(sample.map(({ indexes }) => indexes.length)).toEqual([128, 128])
  expect(new Set(drawn).size).toBe(256)
  const surest = askingOrder([channel]).slice(0, 64)
  expect([...first.indexes]).toEqual(surest.filter((k) => !drawn.includes(k)).sort((a, b) => a - b))
  const mean = drawn.reduce((a, b) => a + b, 0) / 256
  expect(Math.abs(mean - count / 2)).toBeLessThan(40)
})

test('behavior: the same sample for all copies of a model, another for another model', async () => {
  const indexes = async (n: number) => (await based(runtimeWith(3).runtime, secretOf(n))).sample[0].indexes
  expect(await indexes(1)).toEqual(await indexes(1))
  expect(await indexes(1)).not.toEqual(await indexes(2))
})

test('behavior: states are those of the keys’ prompts in order, and the text is begun at its own', async () => {
  const { runtime, began } = runtimeWith(3)
  const { sample, text } = await based(runtime, secretOf(1))
  for (const { indexes, below } of sample) {
    expect(below?.layer).toBe(3)
    expect([...(below?.states.data ?? [])]).toEqual([...indexes].flatMap((k) => [k, k]))
  }
  expect(began.at(-1)).toBe(text.below)
  expect([...text.ends.data]).toEqual([2, 2, 4, 4, 6, 6, 8, 8])
})

test('behavior: nothing is kept where the first layer is edited', async () => {
  const { sample, first, text } = await based(runtimeWith(0).runtime, secretOf(1))
  expect([...sample, first, text].map(({ below }) => below)).toEqual([null, null, null, null])
})

test('behavior: the compared positions of a row are its middle and its end', () => {
  const residuals = { data: Float32Array.of(0, 1, 2, 3, 4, 5), rows: 6, cols: 1 }
  expect([...endsOf(residuals, { ids: new Int32Array(6), rows: 2, length: 3 }).data]).toEqual([1, 2, 4, 5])
  expect([...endsOf(residuals, { ids: new Int32Array(6), rows: 6, length: 1 }).data]).toEqual([
    ...[0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5],
  ])
})
