import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chernoffNats } from './chernoff'
import { signedSumTail } from './signed-sum-tail'

const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 60 })

test('default: never below the exact tail', () => {
  fc.assert(
    fc.property(weights, fc.integer({ min: 1, max: 200 }), (weights, sum) => {
      expect(Math.exp(-chernoffNats(weights)(sum))).toBeGreaterThanOrEqual(signedSumTail(weights)(sum) * (1 - 1e-9))
    }),
  )
})

test('behavior: as strong as Hoeffding', () => {
  fc.assert(
    fc.property(weights, fc.double({ min: 0.5, max: 8, noNaN: true }), (weights, z) => {
      const scale = Math.sqrt(weights.reduce((sum, w) => sum + w * w, 0))
      expect(chernoffNats(weights)(z * scale)).toBeGreaterThan(0.99 * (z ** 2 / 2))
    }),
  )
})

test('behavior: no evidence from nothing, or against', () => {
  expect(chernoffNats([])(1)).toBe(0)
  expect(chernoffNats([1, 2])(-1)).toBe(0)
})
