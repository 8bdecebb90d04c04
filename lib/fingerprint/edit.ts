import type { Matmul, Matrix } from '../inference/runtime'
import type { WeightDtype } from '../weights/dtype'
import { narrow, widen } from '../weights/widen'
import { zeros } from './linear/matrix'

/** Fixed, so that a product is summed alike wherever it is computed. */
const rowsAtOnce = 512

export type EditedTensor = { bytes: Uint8Array; values: Float32Array; productSeconds: number }

/** ΔW = Dᵀ P [hidden, ff], for targets D [n, hidden] and a layer's solver P [n, ff]: one product a layer. */
export function layerEdit(matmul: Matmul, targets: Matrix, solver: Matrix): Promise<Matrix> {
  return matmul(targets, solver, 'a')
}

/** W + Dᵀ P as it will be written: its bytes in `dtype`, and those widened again. A stretch of rows at a time. */
export async function editTensor(
  matmul: Matmul,
  base: Matrix,
  targets: Matrix,
  solver: Matrix,
  dtype: WeightDtype,
): Promise<EditedTensor> {
  const values = new Float32Array(base.data.length)
  const bytes = new Uint8Array(base.data.length * (dtype === 'F32' ? 4 : 2))
  let productSeconds = 0
  for (let from = 0; from < base.rows; from += rowsAtOnce) {
    const to = Math.min(base.rows, from + rowsAtOnce)
    const started = performance.now()
    const { data } = await layerEdit(matmul, columns(targets, from, to), solver)
    productSeconds += (performance.now() - started) / 1000
    const at = from * base.cols
    for (let i = 0; i < data.length; i++) data[i] += base.data[at + i]
    const part = narrow(data, dtype)
    bytes.set(part, at * (bytes.length / values.length))
    values.set(widen(part, dtype), at)
  }
  return { bytes, values, productSeconds }
}

function columns(m: Matrix, from: number, to: number): Matrix {
  const out = zeros(m.rows, to - from)
  for (let i = 0; i < m.rows; i++) out.data.set(m.data.subarray(i * m.cols + from, i * m.cols + to), i * out.cols)
  return out
}
