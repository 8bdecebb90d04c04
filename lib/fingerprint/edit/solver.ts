import type { Matmul, Matrix } from '../../inference/runtime'
import { factor } from '../linear/factor'
import { transpose } from '../linear/matrix'
import { matrixTrace, type Square } from '../linear/square'

/** Ridge as a share of the moment’s mean diagonal. */
const floor = 1e-6

/**
 * P = (K A⁻¹ Kᵀ + I)⁻¹ K A⁻¹ [n, ff] with A = n C + ridge · I, for the keys’ down_proj inputs K [n, ff] and the second
 * moment C [ff, ff] of ordinary text: the ridge solution that moves each key by its target and changes ordinary text
 * least. It does not depend on the copy.
 */
export async function layerSolver(matmul: Matmul, keys: Matrix, moment: Square): Promise<Matrix> {
  const ridge = await factor(matmul, moment, keys.rows, (floor * matrixTrace(moment)) / moment.size)
  const x = await ridge.whole(keys)
  const inner = { data: Float64Array.from((await matmul(x, keys, 'b')).data), size: keys.rows }
  return transpose(await (await factor(matmul, inner, 1, 1)).whole(transpose(x)))
}
