import { expect, test } from 'vitest'
import { codeBiases, codewordOf } from './code'

const secret = new Uint8Array(32).fill(3)
const code = codeBiases(secret, 112, 0.12)
const copies = Array.from({ length: 200 }, (_, i) => codewordOf(secret, code, `${i + 1}`, new Uint8Array(32).fill(i)))

test('default: biases stay above the cutoff and add up to 1, and codewords follow them', () => {
  const { chances, symbols } = code
  expect(symbols).toBe(4)
  expect(chances.every((p) => p >= 0.12 - 1e-12 && p <= 0.64 + 1e-12)).toBe(true)
  for (let key = 0; key < 112; key++)
    expect(chances.subarray(4 * key, 4 * key + 4).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
  for (const symbol of [0, 1, 2, 3]) {
    const found = copies.reduce((sum, codeword) => sum + codeword.filter((s) => s === symbol).length, 0)
    const expected = chances.reduce((sum, p, i) => sum + (i % 4 === symbol ? p : 0), 0) * copies.length
    expect(Math.abs(found - expected)).toBeLessThan(5 * Math.sqrt(expected))
  }
})

test('behavior: a codeword depends on both the secret and the seed', () => {
  expect(codewordOf(secret, code, '1', new Uint8Array(32))).toEqual(copies[0])
  expect(codewordOf(secret, code, '1', new Uint8Array(32).fill(1))).not.toEqual(copies[0])
  expect(codewordOf(new Uint8Array(32), code, '1', new Uint8Array(32))).not.toEqual(copies[0])
})
