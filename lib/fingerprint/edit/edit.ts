import type { Matmul, Matrix } from '../../inference/runtime'
import type { WeightDtype } from '../../weights/dtype/dtype'
import { fromFloat32 } from '../../weights/dtype/float32'
import { columnsOf } from '../linear/columns'

/** Fixed, so that a product is summed alike wherever it is computed. */
const rowsAtOnce = 128

/** ΔW = Dᵀ P [hidden, ff], for targets D [n, hidden] and a layer's solver P [n, ff]: one product a layer. */
export function layerEdit(matmul: Matmul, targets: Matrix, solver: Matrix): Promise<Matrix> {
  return matmul(targets, solver, 'a')
}

/**
 * W + Dᵀ P as it will be written, a stretch of rows at a time, so that no more of the tensor need be in memory;
 * `baseRows` gives rows [from, to) of W.
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
