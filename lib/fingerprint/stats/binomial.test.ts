import fc from 'fast-check'
import { expect, test } from 'vitest'
import { binomialTail, clopperPearsonUpper } from './binomial'

test.each([
  [1, 1, 0.25, 0.25],
  [2, 3, 0.5, 0.5],
  [8, 10, 0.5, 56 / 1024],
  [0, 10, 0.1, 1],
  [11, 10, 0.1, 0],
  [128, 128, 0.01, 1e-256],
])('default: P(X ≥ %i of %i at %f) = %f', (hits, n, rate, expected) => {
  expect(binomialTail(hits, n, rate) / (expected || 1)).toBeCloseTo(expected === 0 ? 0 : 1, 9)
})

test('behavior: the tail falls with hits and rises with the rate', () => {
  const some = fc.record({
    n: fc.integer({ min: 1, max: 300 }),
    rate: fc.double({ min: 0.001, max: 0.9, noNaN: true }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  fc.assert(
    fc.property(some, ({ n, rate, part }) => {
      const hits = Math.floor(part * n)
      expect(binomialTail(hits + 1, n, rate)).toBeLessThanOrEqual(binomialTail(hits, n, rate) + 1e-12)
      expect(binomialTail(hits, n, rate)).toBeLessThanOrEqual(binomialTail(hits, n, rate * 1.1) + 1e-12)
    }),
  )
})

test('behavior: the Clopper–Pearson bound of no hits is 1 − alpha^(1/n)', () => {
  expect(clopperPearsonUpper(0, 128, 0.01)).toBeCloseTo(1 - 0.01 ** (1 / 128), 9)
  expect(clopperPearsonUpper(5, 5, 0.01)).toBe(1)
  expect(1 - binomialTail(4, 50, clopperPearsonUpper(3, 50, 0.05))).toBeCloseTo(0.05, 6)
})
