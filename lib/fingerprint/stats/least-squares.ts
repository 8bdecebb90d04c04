import { cholesky, solveCholesky } from '../linear/cholesky'
import { square, withRidge } from '../linear/square'

/** The belief that nothing is to be explained weighs as much as one row with regressors of 1. */
const ridge = 1
const rounds = 6
/** Residuals beyond this many standard deviations get less weight the larger they are. */
const outlying = 1.5

/** Weighted least squares that takes rows one by one. `solved` returns the value that it expects at a row's regressors. */
export function leastSquares(size: number) {
  const squares = square(size)
  const products = new Float32Array(size)
  return {
    add(regressors: readonly number[], value: number, weight = 1): void {
      for (const [i, x] of regressors.entries()) {
        products[i] += weight * x * value
        for (const [j, y] of regressors.entries()) squares.data[i * size + j] += weight * x * y
      }
    },
    solved(): (regressors: readonly number[]) => number {
      const rows = { data: products, rows: 1, cols: size }
      const coefficients = solveCholesky(cholesky(withRidge(squares, 1, ridge)), rows).data
      return (regressors) => regressors.reduce((sum, x, i) => sum + x * coefficients[i], 0)
    },
  }
}

/**
 * The residuals of `values` [n] after a robust regression on `regressors`: rows with large residuals weigh little in it. A
 * value of NaN is left out and has the residual NaN.
 */
export function robustResiduals(values: Float64Array, regressors: (i: number) => readonly number[]): Float64Array {
  const residuals = values.slice()
  const size = values.length > 0 ? regressors(0).length : 0
  for (let round = 0; round < rounds; round++) {
    const deviation = robustDeviation(residuals)
    const fit = leastSquares(size)
    for (const [i, residual] of residuals.entries())
      if (!Number.isNaN(residual)) fit.add(regressors(i), values[i], 1 / (1 + (residual / (outlying * deviation)) ** 2))
    const expected = fit.solved()
    for (const [i, value] of values.entries()) if (!Number.isNaN(value)) residuals[i] = value - expected(regressors(i))
  }
  return residuals
}

/** The standard deviation of normal residuals with the same median size: 1.48 times that median. Outliers hardly move it. */
export function robustDeviation(residuals: Float64Array): number {
  const sizes = residuals
    .filter((residual) => !Number.isNaN(residual))
    .map(Math.abs)
    .sort()
  return 1.4826 * sizes[sizes.length >> 1] || 1
}
