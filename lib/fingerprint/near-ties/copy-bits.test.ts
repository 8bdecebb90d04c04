import { expect, test } from 'vitest'
import { copyBits } from './copy-bits'

const [secret, seed] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
const agreement = (a: Int8Array, b: Int8Array) => a.reduce((sum, bit, i) => sum + bit * b[i], 0) / a.length

test('default: fair bits, the same again', () => {
  const bits = copyBits(secret, '1', seed, 40_000)
  expect(new Set(bits)).toEqual(new Set([1, -1]))
  expect(Math.abs(bits.reduce((a, b) => a + b, 0))).toBeLessThan(5 * 200)
  expect(copyBits(secret, '1', seed, 40_000)).toEqual(bits)
})

test('behavior: another copy, seed or secret gives independent bits', () => {
  const bits = copyBits(secret, '1', seed, 40_000)
  for (const other of [
    copyBits(secret, '2', seed, 40_000),
    copyBits(secret, '1', secret, 40_000),
    copyBits(seed, '1', seed, 40_000),
  ])
    expect(Math.abs(agreement(bits, other))).toBeLessThan(5 / 200)
})

test('behavior: fewer keys are the first of more', () => {
  expect(copyBits(secret, '1', seed, 100)).toEqual(copyBits(secret, '1', seed, 1000).subarray(0, 100))
})
