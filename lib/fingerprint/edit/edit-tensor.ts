import { concatBytes } from '@noble/hashes/utils.js'
import { KinmarkError } from '../../error'
import type { FingerprintRuntime, Matrix } from '../../inference/runtime'
import type { WeightDtype } from '../../weights/dtype/dtype'
import { toFloat32 } from '../../weights/dtype/float32'
import { editedRows } from './edit'
import { outputGain } from './output-gain'

/** A layer's edited down_proj: its bytes in the file's type, and the same as float32 [hidden, ff]. */
export type EditedTensor = { name: string; bytes: Uint8Array; values: Float32Array; productSeconds: number }

/**
 * W + diag(gain)⁻¹ targetsᵀ solver for one layer, rounded to `dtype`: targets [n, hidden] are moves of the residual, to which
 * a norm's gain brings what W adds. Throws `fingerprint.edit-overflow`.
 */
export async function editTensor(
  runtime: FingerprintRuntime,
  layer: number,
  targets: Matrix,
  solver: Matrix,
  dtype: WeightDtype,
): Promise<EditedTensor> {
  const name = runtime.shape.downProj[layer]
  const base = await runtime.tensor(name)
  const baseRows = (from: number, to: number) => base.data.subarray(from * base.cols, to * base.cols)
  const gain = await outputGain(runtime, layer)
  const moves = gain ? { ...targets, data: targets.data.map((x, i) => x / gain[i % targets.cols]) } : targets
  const parts: Uint8Array[] = []
  let productSeconds = 0
  for await (const part of editedRows(runtime.matmul, baseRows, moves, solver, dtype)) {
    parts.push(part.bytes)
    productSeconds += part.productSeconds
  }
  const bytes = concatBytes(...parts)
  const values = toFloat32(bytes, dtype)
  if (!values.every(Number.isFinite)) throw new KinmarkError('fingerprint.edit-overflow', { tensor: name, dtype })
  return { name, bytes, values, productSeconds }
}
