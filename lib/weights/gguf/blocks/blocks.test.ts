import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { quantised } from '../../../../test/fixtures/gguf-blocks'
import { type BlockDtype, blockOf, dequantise } from './blocks'

/** Made by ggml itself: its quantiser's bytes, then two blocks of random bytes, and the values that it reads from both. */
const golden: Record<BlockDtype, { bytes: string; values: string }> = JSON.parse(
  readFileSync('test/golden/ggml-blocks.json', 'utf8'),
).types

/** Deterministic numbers around 0 with some outliers. */
const values = Float32Array.from({ length: 4096 }, (_, i) => {
  const x = Math.sin(i * 12.9898) * 43758.5453
  return (x - Math.floor(x) - 0.5) * (i % 97 === 0 ? 0.4 : 0.08)
})

function quantisedAndBack(type: BlockDtype, x: Float32Array): Float32Array {
  const out = new Float32Array(x.length)
  dequantise(quantised(x, type), type, out)
  return out
}

test.each(Object.keys(golden) as BlockDtype[])('behavior: %s is read as ggml reads it', (type) => {
  const bytes = new Uint8Array(Buffer.from(golden[type].bytes, 'base64'))
  const expected = new Float32Array(new Uint8Array(Buffer.from(golden[type].values, 'base64')).buffer)
  expect(expected.length / blockOf(type).weights).toBe(bytes.length / blockOf(type).bytes)
  const actual = new Float32Array(expected.length)
  dequantise(bytes, type, actual)
  const largest = expected.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
  for (const [i, value] of expected.entries()) expect(Math.abs(actual[i] - value)).toBeLessThanOrEqual(1e-6 * largest)
})

/**
 * The bound is half a step of the type's grid for `group` weights, plus the error of the scales: half precision, and few
 * bits in groups.
 */
describe.each([
  ['Q8_0', 32, (max: number) => max / 127 / 2 + max * 2 ** -11],
  ['Q4_0', 32, (max: number) => max / 8 + max * 2 ** -11],
  ['Q4_1', 32, (max: number) => max / 15 + max * 2 ** -9],
  ['Q5_0', 32, (max: number) => max / 16 + max * 2 ** -11],
  ['Q5_1', 32, (max: number) => max / 31 + max * 2 ** -9],
  ['IQ4_NL', 32, (max: number) => (14 * max) / 127 + max * 2 ** -11],
  ['MXFP4', 32, (max: number) => max / 3],
  ['Q2_K', 256, (max: number) => (2 * max) / 3 / 2 + (2 * max) / 15],
  ['Q3_K', 256, (max: number) => max / 3 / 2 + max / 8],
  ['Q4_K', 256, (max: number) => (2 * max) / 15 / 2 + (2 * max) / 63],
  ['Q5_K', 256, (max: number) => (2 * max) / 31 / 2 + (2 * max) / 63],
  ['Q6_K', 256, (max: number) => max / 31 / 2 + max / 127],
  ['IQ4_XS', 256, (max: number) => (14 * max) / 127 + max / 31],
] as const)('%s', (type, group, bound) => {
  test('behavior: the error of each weight is within the bound of its block', () => {
    const decoded = quantisedAndBack(type, values)
    for (let from = 0; from < values.length; from += group) {
      const max = values.subarray(from, from + group).reduce((a, b) => Math.max(a, Math.abs(b)), 0)
      for (let i = from; i < from + group; i++) expect(Math.abs(decoded[i] - values[i])).toBeLessThanOrEqual(bound(max))
    }
  })

  test('behavior: zeros stay zeros', () => {
    expect(quantisedAndBack(type, new Float32Array(256)).every((x) => x === 0)).toBe(true)
  })
})
