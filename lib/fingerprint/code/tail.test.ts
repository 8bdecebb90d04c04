import { expect, test } from 'vitest'
import { binomialTail } from '../stats/binomial'
import type { Scoring } from './channel'
import { exactTail } from './tail'

const scoring = (hit: number[], miss: number[], chance: number[]): Scoring => ({
  keys: Int32Array.from(hit.keys()),
  hit: Int32Array.from(hit),
  miss: Int32Array.from(miss),
  chance: Float64Array.from(chance),
  unit: 1,
})

test('default: the tail is the sum over all outcomes', () => {
  const steps = scoring([5, 2, 7, 1], [-3, -2, 0, -9], [0.1, 0.5, 0.3, 0.25])
  const tail = exactTail(steps)
  for (let least = -20; least <= 20; least++) {
    let sum = 0
    for (let outcome = 0; outcome < 16; outcome++) {
      let [score, chance] = [0, 1]
      for (let i = 0; i < 4; i++) {
        const hits = (outcome >> i) & 1
        score += hits ? steps.hit[i] : steps.miss[i]
        chance *= hits ? steps.chance[i] : 1 - steps.chance[i]
      }
      if (score >= least) sum += chance
    }
    expect(tail(least)).toBeCloseTo(sum, 14)
  }
})

test('behavior: equal steps give a binomial tail, however small', () => {
  const n = 200
  const tail = exactTail(scoring(Array(n).fill(1), Array(n).fill(0), Array(n).fill(0.25)))
  for (const hits of [1, 50, 90, 150, 200]) expect(tail(hits) / binomialTail(hits, n, 0.25)).toBeCloseTo(1, 9)
})

test('behavior: without keys there is no evidence', () => {
  expect(exactTail(scoring([], [], []))(0)).toBe(1)
  expect(exactTail(scoring([], [], []))(1)).toBe(0)
})
