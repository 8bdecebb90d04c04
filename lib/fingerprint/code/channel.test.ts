import { expect, test } from 'vitest'
import { scoreOf, scoringOf } from './channel'

const code = { chances: Float64Array.from({ length: 8 }, () => 0.25), symbols: 4 }

test('default: a hit counts for a copy and a miss against it; erasures count nothing', () => {
  const scoring = scoringOf(Int8Array.of(2, -1), code, [], 1)
  expect([...scoring.keys]).toEqual([0])
  expect([...scoring.chance]).toEqual([0.25])
  expect(scoring.hit[0]).toBeGreaterThan(0)
  expect(scoring.miss[0]).toBeLessThan(0)
  expect(scoreOf(scoring, Int8Array.of(2, -1), Uint8Array.of(2, 0))).toBe(scoring.hit[0])
  expect(scoreOf(scoring, Int8Array.of(2, -1), Uint8Array.of(3, 0))).toBe(scoring.miss[0])
})

test('behavior: alone, a hit is worth log p(hit) / chance, with 5 % noise', () => {
  const { hit, miss, unit } = scoringOf(Int8Array.of(2, -1), code, [], 1)
  expect(hit[0] * unit).toBeCloseTo(Math.log((0.95 + 0.05 * 0.25) / 0.25), 0)
  expect(miss[0] * unit).toBeCloseTo(Math.log(0.05), 0)
})

test('behavior: an answer that a known colluder explains says less', () => {
  const answered = Int8Array.of(2, 2)
  const alone = scoringOf(answered, code, [], 2)
  const beside = scoringOf(answered, code, [Uint8Array.of(2, 2)], 2)
  expect(beside.hit[0] * beside.unit).toBeLessThan(alone.hit[0] * alone.unit)
})
