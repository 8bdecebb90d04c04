import fc from 'fast-check'
import { expect, test } from 'vitest'
import { binomialTail } from '../stats/binomial'
import { signedSumTail } from './signed-sum-tail'

test('default: the share of all sign patterns that reach the sum', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 9 })
  fc.assert(
    fc.property(weights, fc.integer({ min: -20, max: 30 }), (weights, sum) => {
      let reached = 0
      for (let signs = 0; signs < 2 ** weights.length; signs++)
        if (weights.reduce((s, w, i) => s + ((signs >> i) & 1 ? w : -w), 0) >= sum) reached++
      expect(signedSumTail(weights)(sum)).toBeCloseTo(reached / 2 ** weights.length, 12)
    }),
  )
})

test('behavior: equal weights give the binomial tail, far out too', () => {
  const tail = signedSumTail(new Uint8Array(1000).fill(3))
  for (const hits of [500, 600, 700, 900]) {
    const exact = binomialTail(hits, 1000, 0.5)
    expect(tail(3 * (2 * hits - 1000)) / exact).toBeCloseTo(1, 9)
  }
})
