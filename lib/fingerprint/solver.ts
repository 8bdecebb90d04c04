import type { Matrix } from '../inference/runtime'
import { cholesky, solveCholesky } from './linear/cholesky'
import { transpose } from './linear/matrix'
import { productTransposed } from './linear/product'
import { type Square, trace, withRidge } from './linear/square'

const floor = 1e-6

/**
 * P = (K A⁻¹ Kᵀ + I)⁻¹ K A⁻¹ [n, ff] with A = n C + floor, for the keys' down_proj inputs K [n, ff]: the ridge solution
 * that sends each key where it must go and disturbs ordinary text least. The same for every copy.
 */
export function layerSolver(keys: Matrix, moment: Square): Matrix {
  const ridge = withRidge(moment, keys.rows, (floor * trace(moment)) / moment.size)
  const x = solveCholesky(cholesky(ridge), keys)
  const inner = { data: Float64Array.from(productTransposed(x, keys).data), size: keys.rows }
  return transpose(solveCholesky(cholesky(withRidge(inner, 1, 1)), transpose(x)))
}
