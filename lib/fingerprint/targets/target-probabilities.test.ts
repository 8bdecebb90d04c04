import { expect, test } from 'vitest'
import { highConfidenceKeys, targetLogOdds } from './target-probabilities'

test('default: about half of the keys have high confidence, depending on the secret', () => {
  const kinds = highConfidenceKeys(new Uint8Array(32).fill(1), 1000)
  const high = kinds.reduce((sum, kind) => sum + kind, 0)
  expect(Math.abs(high - 500)).toBeLessThan(80)
  expect(highConfidenceKeys(new Uint8Array(32).fill(2), 1000)).not.toEqual(kinds)
})

test('default: log odds per row, repeated for each context', () => {
  const odds = targetLogOdds(Uint8Array.of(1, 0), { high: 0.75, low: 0.5 }, 4)
  expect(odds).toEqual(Float64Array.of(Math.log(3), 0, Math.log(3), 0))
})
