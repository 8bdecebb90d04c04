import type { Matrix } from '../../inference/runtime'
import { cholesky, solveLower } from '../linear/cholesky'
import { rowsFrom, transpose } from '../linear/matrix'
import { productTransposed } from '../linear/product'
import { square } from '../linear/square'

/**
 * Prepares generalised least squares. Whatever else changes a last residual, such as quantization, moves all log
 * probabilities at its position together: with their gradients G [n, d] there, their noise has the covariance G Gᵀ, and
 * noise of its own as large as a mean row of all gradients. Multiplies each position's gradients and residuals by L⁻¹, where
 * L Lᵀ is that covariance. Equal `positions` must follow each other.
 */
export function decorrelate(gradients: Matrix, residuals: Float64Array, positions: readonly number[]): void {
  const own = gradients.data.reduce((sum, x) => sum + x * x, 0) / gradients.rows
  if (!(own > 0)) return
  for (let from = 0, to = 0; from < positions.length; from = to) {
    while (to < positions.length && positions[to] === positions[from]) to++
    const rows = rowsFrom(gradients, from, to)
    const covariance = square(rows.rows)
    covariance.data.set(productTransposed(rows, rows).data)
    for (let i = 0; i < rows.rows; i++) covariance.data[i * rows.rows + i] += own
    const lower = cholesky(covariance)
    rows.data.set(transpose(solveLower(lower, transpose(rows))).data)
    const values = { data: Float32Array.from(residuals.subarray(from, to)), rows: 1, cols: rows.rows }
    residuals.set(solveLower(lower, values).data, from)
  }
}
