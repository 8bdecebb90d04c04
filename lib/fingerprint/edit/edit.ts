import type { Matmul, Matrix } from '../../inference/runtime'
import type { WeightDtype } from '../../weights/dtype/dtype'
import { fromFloat32 } from '../../weights/dtype/float32'
import { columnsOf } from '../linear/columns'

/** Constant, so that every machine sums a product in the same order. */
const rowsAtOnce = 128

/** ΔW = Dᵀ P [hidden, ff], for targets D [n, hidden] and a layer’s solver P [n, ff]. */
function layerEdit(matmul: Matmul, targets: Matrix, solver: Matrix): Promise<Matrix> {
  return matmul(targets, solver, 'a')
}

/**
 * W + Dᵀ P as bytes in `dtype`, 128 rows at a time, so that the whole tensor need not be in memory. `baseRows` returns
 * rows [from, to) of W.
 */
export async function* editedRows(
  matmul: Matmul,
  baseRows: (from: number, to: number) => Float32Array | Promise<Float32Array>,
  targets: Matrix,
  solver: Matrix,
  dtype: WeightDtype,
): AsyncGenerator<{ bytes: Uint8Array; productSeconds: number }> {
  for (let from = 0; from < targets.cols; from += rowsAtOnce) {
    const to = Math.min(targets.cols, from + rowsAtOnce)
    const started = performance.now()
    const { data } = await layerEdit(matmul, columnsOf(targets, from, to), solver)
    const productSeconds = (performance.now() - started) / 1000
    const base = await baseRows(from, to)
    for (let i = 0; i < data.length; i++) data[i] += base[i]
    yield { bytes: fromFloat32(data, dtype), productSeconds }
  }
}
