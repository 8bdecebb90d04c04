import { leastSquares, robustResiduals } from '../stats/least-squares'
import type { TieChannel } from './tie-channel'

/** Log odds are clipped to this many nats; no language model shows more. */
const mostLogOdds = 100

/**
 * Residuals of a suspect's log odds between the two answers of each key, nats, [N], after a robust regression on the log
 * odds of the unmarked base (`gaps`) and of the base after each channel's attack. A real attack seldom equals a simulated
 * one, and a linear combination of the simulated ones comes near it. A key without log odds (NaN) has the residual NaN.
 * Bits have no part in the regression, so they stay fair given the residuals.
 */
export function logOddsResiduals(
  channels: readonly TieChannel[],
  gaps: Float64Array,
  shown: ArrayLike<number>,
): Float64Array {
  const moved = Float64Array.from(shown, (value, k) => Math.max(-mostLogOdds, Math.min(mostLogOdds, value)) - gaps[k])
  return robustResiduals(moved, regressorsOf(channels, gaps))
}

/** The weighted least squares of log odds, which takes keys one by one. `solved` returns the log odds expected at a key. */
export function logOddsRegression(channels: readonly TieChannel[], gaps: Float64Array) {
  const regressors = regressorsOf(channels, gaps)
  const fit = leastSquares(2 + channels.length)
  return {
    add: (k: number, logOdds: number, weight = 1): void => fit.add(regressors(k), logOdds - gaps[k], weight),
    solved(): (k: number) => number {
      const expected = fit.solved()
      return (k) => gaps[k] + expected(regressors(k))
    },
  }
}

const regressorsOf = (channels: readonly TieChannel[], gaps: Float64Array) => (k: number) => [
  1,
  gaps[k],
  ...channels.map(({ differences }) => differences[k]),
]

/** The density of the logistic distribution with this standard deviation. Its tails are heavier than the normal one's. */
export function logisticDensity(x: number, deviation: number): number {
  const scale = (deviation * Math.sqrt(3)) / Math.PI
  const tail = Math.exp(-Math.abs(x) / scale)
  return tail / (scale * (1 + tail) ** 2)
}
