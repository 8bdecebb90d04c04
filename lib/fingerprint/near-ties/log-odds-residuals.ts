import { cholesky, solveCholesky } from '../linear/cholesky'
import { square, withRidge } from '../linear/square'
import type { TieChannel } from './tie-channel'

/** Ridge of the regression: the belief that a model answers as the base does weighs as much as one key with regressors of 1. */
const ridge = 1
const rounds = 6
/** Log odds are clipped to this many nats; no language model shows more. */
const mostLogOdds = 100
/** Residuals beyond this many standard deviations get less weight the larger they are. */
const outlying = 1.5

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
  const logOdds = Float64Array.from(shown, (value) => Math.max(-mostLogOdds, Math.min(mostLogOdds, value)))
  const residuals = logOdds.map((value, k) => value - gaps[k])
  for (let round = 0; round < rounds; round++) {
    const deviation = robustDeviation(residuals)
    const regression = logOddsRegression(channels, gaps)
    for (const [k, residual] of residuals.entries())
      if (!Number.isNaN(residual)) regression.add(k, logOdds[k], 1 / (1 + (residual / (outlying * deviation)) ** 2))
    const expected = regression.solved()
    for (const [k, residual] of residuals.entries())
      if (!Number.isNaN(residual)) residuals[k] = logOdds[k] - expected(k)
  }
  return residuals
}

/** The weighted least squares of log odds, which takes keys one by one. `solved` returns the log odds expected at a key. */
export function logOddsRegression(channels: readonly TieChannel[], gaps: Float64Array) {
  const regressors = (k: number) => [1, gaps[k], ...channels.map(({ differences }) => differences[k])]
  const size = 2 + channels.length
  const squares = square(size)
  const products = new Float32Array(size)
  return {
    add(k: number, logOdds: number, weight = 1): void {
      const row = regressors(k)
      for (const [i, x] of row.entries()) {
        products[i] += weight * x * (logOdds - gaps[k])
        for (const [j, y] of row.entries()) squares.data[i * size + j] += weight * x * y
      }
    },
    solved(): (k: number) => number {
      const rows = { data: products, rows: 1, cols: size }
      const factors = solveCholesky(cholesky(withRidge(squares, 1, ridge)), rows).data
      return (k) => regressors(k).reduce((sum, x, i) => sum + x * factors[i], gaps[k])
    },
  }
}

/** The standard deviation of normal residuals with the same median size, nats: 1.48 times that median. Outliers hardly move it. */
export function robustDeviation(residuals: Float64Array): number {
  const sizes = residuals
    .filter((residual) => !Number.isNaN(residual))
    .map(Math.abs)
    .sort()
  return 1.4826 * sizes[sizes.length >> 1] || 1
}

/** The density of the logistic distribution with this standard deviation. Its tails are heavier than the normal one's. */
export function logisticDensity(x: number, deviation: number): number {
  const scale = (deviation * Math.sqrt(3)) / Math.PI
  const tail = Math.exp(-Math.abs(x) / scale)
  return tail / (scale * (1 + tail) ** 2)
}
