import { describe, expect, test } from 'vitest'
import { type GgufType, quantised } from '../../../test/fixtures/gguf'
import { type BlockDtype, dequantise } from './blocks'

/** Deterministic numbers around 0 with some outliers. */
const values = Float32Array.from({ length: 4096 }, (_, i) => {
  const x = Math.sin(i * 12.9898) * 43758.5453
  return (x - Math.floor(x) - 0.5) * (i % 97 === 0 ? 0.4 : 0.08)
})

function quantisedAndBack(type: BlockDtype & GgufType, x: Float32Array): Float32Array {
  const out = new Float32Array(x.length)
  dequantise(quantised(x, type), type, out)
  return out
}

/**
 * The bound is half a step of the type's grid for `group` weights, plus the error of 6-bit or half-precision scales.
 */
describe.each([
  ['Q8_0', 32, (max: number) => max / 127 / 2 + max * 2 ** -11],
  ['Q4_0', 32, (max: number) => max / 8 + max * 2 ** -11],
  ['Q4_K', 256, (max: number) => (2 * max) / 15 / 2 + (2 * max) / 63],
  ['Q6_K', 256, (max: number) => max / 31 / 2 + max / 127],
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

test('behavior: every field is read from its place in the layout of ggml', () => {
  const block = (length: number, bytes: Record<number, number>) => {
    const out = new Uint8Array(length)
    for (const [at, byte] of Object.entries(bytes)) out[Number(at)] = byte
    return out
  }
  const one = { low: 0x00, high: 0x3c }
  const q4 = new Float32Array(256)
  // Scale of group 5: low nibble of byte 9, high bits of byte 1. Minimum: high nibble of byte 9, high bits of byte 5.
  dequantise(block(144, { 1: one.high, 3: one.high, 5: 0x40, 9: 0x80, 13: 0x25, 80: 0x70 }), 'Q4_K', q4)
  expect(q4[5 * 32]).toBe(((1 << 4) | 5) * 7 - ((2 << 4) | 2))
  expect(q4[5 * 32 + 1]).toBe(-((2 << 4) | 2))
  const q6 = new Float32Array(256)
  // Weight 230 = half 1, row 3, column 6: high nibble of low byte 64 + 32 + 6, top bits of high byte 32 + 6, scale 14.
  dequantise(block(210, { 102: 0x50, 166: 0xc0, 206: 0xfe, 209: one.high }), 'Q6_K', q6)
  expect(q6[230]).toBe(-2 * ((5 | (3 << 4)) - 32))
  expect(q6[231]).toBe(-2 * -32)
})
