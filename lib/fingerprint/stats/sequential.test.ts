import { expect, test } from 'vitest'
import { binomialTail } from './binomial'
import { seededRandom } from './random'
import { majorityRate, missRate, oddsOf } from './sequential'

test('default: both bounds at counts calculated by hand', () => {
  const { anytime, missed } = oddsOf(2, 3, 0.1)
  expect(anytime).toBeCloseTo(((0.1 / 0.5) ** 2 * 0.9) / 0.5, 12)
  expect(missed).toBe(1)
  expect(oddsOf(0, 0, 0.1)).toEqual({ anytime: 1, missed: 1 })
  expect(oddsOf(0, 10, 0.1).missed).toBeCloseTo((0.5 / 0.9) ** 10, 12)
})

test('behavior: with a look after every key, unmarked models pass a test at 1 in 20 at most that often', () => {
  const random = seededRandom(new Uint8Array(16).fill(2))
  let passed = 0
  for (let trial = 0; trial < 2000; trial++) {
    let hits = 0
    for (let asked = 1; asked <= 60; asked++) {
      if (random() < 0.1) hits++
      if (oddsOf(hits, asked, 0.1).anytime <= 0.05) {
        passed++
        break
      }
    }
  }
  expect(passed / 2000).toBeLessThanOrEqual(0.05)
})

test('default: the miss rate belongs to the smallest sufficient number of hits', () => {
  expect(missRate(10, 0.1, 0.01)).toBeCloseTo(1 - binomialTail(5, 10, 0.5), 12)
  expect(missRate(3, 0.1, 1e-9)).toBe(1)
})

test('default: the rate of a majority', () => {
  expect(majorityRate(2, 0.2)).toBeCloseTo(0.04, 12)
  expect(majorityRate(5, 0.2)).toBeCloseTo(0.05792, 12)
})
