import { expect, test } from 'vitest'
import { robustDeviation } from '../stats/least-squares'
import { gaussian, seededRandom } from '../stats/random'
import { logOddsResiduals } from './log-odds-residuals'
import type { TieChannel } from './tie-channel'

const keys = 600
const random = seededRandom(new Uint8Array(16).fill(41))
const noise = (deviation: number) => Float64Array.from({ length: keys }, () => deviation * gaussian(random))
const gaps = noise(0.4).map(Math.abs)
const channel = (): TieChannel => ({
  differences: gaps.map((gap) => gap + gaussian(random)),
  shifts: new Float64Array(keys).fill(1),
  noise: 0.3,
})
const channels = [channel(), channel()]
/** A model between the two attacks, of which one key in fifty does something else. */
const mixed = gaps.map((gap, k) => {
  const [one, other] = channels.map(({ differences }) => differences[k])
  return 0.2 * gap + 0.5 * one + 0.3 * other + 0.1 * gaussian(random) + (k % 50 === 7 ? 8 : 0)
})

test('default: what no mixture of the attacks explains, and outliers do not change the others’', () => {
  const residuals = logOddsResiduals(channels, gaps, mixed)
  expect(robustDeviation(residuals.filter((_, k) => k % 50 !== 7))).toBeLessThan(0.13)
  expect(residuals[7]).toBeGreaterThan(7)
})

test('behavior: an attack that is not known leaves the more', () => {
  const most = (residuals: Float64Array) => robustDeviation(residuals.filter((_, k) => k % 50 !== 7))
  const alone = logOddsResiduals(channels.slice(0, 1), gaps, mixed)
  expect(most(alone)).toBeGreaterThan(2 * most(logOddsResiduals(channels, gaps, mixed)))
})

test('edge: keys without log odds have no residual, a few are taken as the base’s, and no number breaks it', () => {
  const few = mixed.map((value, k) => (k < 3 ? value : Number.NaN))
  const residuals = logOddsResiduals(channels, gaps, few)
  expect(residuals.slice(3).every(Number.isNaN)).toBe(true)
  expect(residuals.slice(0, 3).every(Number.isFinite)).toBe(true)
  expect(logOddsResiduals(channels, gaps, new Float64Array(keys).fill(Number.NaN)).every(Number.isNaN)).toBe(true)
  expect(robustDeviation(mixed.map((value, k) => (k % 20 === 0 ? 1e6 : value)))).toBeLessThan(
    1.2 * robustDeviation(mixed),
  )
  const absurd = mixed.map((value, k) => [value, 1e300, Number.NEGATIVE_INFINITY, 0][k % 4])
  expect(logOddsResiduals(channels, gaps, absurd).every(Number.isFinite)).toBe(true)
})
