import type { FingerprintRuntime, Matrix, TokenBatch } from '../../inference/runtime'
import type { WeightDtype } from '../../weights/dtype/dtype'
import { type Context, solvedRows } from '../keys/contexts'
import { zeros } from '../linear/matrix'
import { editTensor } from './edit-tensor'

/** The part of a preparation that `embed` needs. R rows: the N keys alone, then in each solved context. */
export type Embedding = {
  keys: TokenBatch
  contexts: readonly Context[]
  layers: readonly number[]
  /** P per layer, [R, ff]. */
  solvers: readonly Matrix[]
  /** Last residual of the unedited base per row, [R, d]. */
  residuals: Matrix
}

/** Per tensor, its bytes in the file’s type, and the same values as float32, [out, in]. */
export type Edited = { bytes: Map<string, Uint8Array>; values: Map<string, Float32Array>; productSeconds: number }

/**
 * Edits the layers so that every row’s last residual moves by its row of `moves` [R, d]. From first to last, each of the
 * n remaining layers adds 1/n of what is missing; before each layer the keys are run again on the weights as rounded to
 * `dtype`. Throws `fingerprint.edit-overflow` where a weight is too large for `dtype`.
 */
export async function embed(
  runtime: FingerprintRuntime,
  embedding: Embedding,
  moves: Matrix,
  dtype: WeightDtype,
  options: { signal?: AbortSignal; onProgress?: (done: number) => void } = {},
): Promise<Edited> {
  const { layers, solvers, residuals } = embedding
  const edited: Edited = { bytes: new Map(), values: new Map(), productSeconds: 0 }
  for (const [n, layer] of layers.entries()) {
    options.signal?.throwIfAborted()
    const current = n === 0 ? residuals : await lastResiduals(runtime, embedding, edited, options.signal)
    const missing = zeros(moves.rows, moves.cols)
    for (let i = 0; i < missing.data.length; i++)
      missing.data[i] = (residuals.data[i] + moves.data[i] - current.data[i]) / (layers.length - n)
    const tensor = await editTensor(runtime, layer, missing, solvers[n], dtype)
    edited.bytes.set(tensor.name, tensor.bytes)
    edited.values.set(tensor.name, tensor.values)
    edited.productSeconds += tensor.productSeconds
    options.onProgress?.((n + 1) / layers.length)
  }
  return edited
}

async function lastResiduals(
  runtime: FingerprintRuntime,
  { keys, contexts }: Embedding,
  { values }: Edited,
  signal?: AbortSignal,
): Promise<Matrix> {
  const batches = solvedRows(keys, contexts)
  const out = zeros(keys.rows * batches.length, runtime.shape.hidden)
  for (const [c, batch] of batches.entries()) {
    const { residual } = await runtime.run(batch, ['residual'], { edits: values, signal })
    out.data.set(residual.data, c * keys.rows * out.cols)
  }
  return out
}
