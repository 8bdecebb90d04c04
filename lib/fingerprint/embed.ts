import { KinmarkError } from '../error'
import type { Matrix, Runtime, TokenBatch } from '../inference/runtime'
import type { WeightDtype } from '../weights/dtype'
import { narrow, widen } from '../weights/widen'
import { layerEdit } from './edit'
import { zeros } from './linear/matrix'

/** What an embedding needs of a preparation: everything but the responses. Shapes: N keys, d hidden. */
export type Embedding = {
  keys: TokenBatch
  layers: readonly number[]
  /** P per layer, [N, ff]. */
  solvers: readonly Matrix[]
  /** The unedited base's last residual per key, [N, d]. */
  residuals: Matrix
}

export type Edited = { bytes: Map<string, Uint8Array>; values: Map<string, Float32Array>; productSeconds: number }

/**
 * Moves every key's last residual by its row of `moves` [N, d]: layers from first to last, each adding its part of what
 * is still missing, with the keys run again in between on the weights as rounded to `dtype`.
 */
export async function embed(
  runtime: Runtime,
  { keys, layers, solvers, residuals }: Embedding,
  moves: Matrix,
  dtype: WeightDtype,
  options: { signal?: AbortSignal; onProgress?: (done: number) => void } = {},
): Promise<Edited> {
  const edited: Edited = { bytes: new Map(), values: new Map(), productSeconds: 0 }
  for (const [n, layer] of layers.entries()) {
    options.signal?.throwIfAborted()
    const now = n === 0 ? residuals : await lastResiduals(runtime, keys, edited, options.signal)
    const missing = zeros(moves.rows, moves.cols)
    for (let i = 0; i < missing.data.length; i++)
      missing.data[i] = (residuals.data[i] + moves.data[i] - now.data[i]) / (layers.length - n)
    const name = runtime.shape.writers[layer]
    const base = await runtime.tensor(name)
    const started = performance.now()
    const delta = layerEdit(missing, solvers[n])
    const exact = base.data.map((weight, i) => weight + delta.data[i])
    edited.productSeconds += (performance.now() - started) / 1000
    const bytes = narrow(exact, dtype)
    const rounded = widen(bytes, dtype)
    if (!rounded.every(Number.isFinite))
      throw new KinmarkError(`The edit of “${name}” does not fit into ${dtype}: a weight would overflow.`)
    edited.bytes.set(name, bytes)
    edited.values.set(name, rounded)
    options.onProgress?.((n + 1) / layers.length)
  }
  return edited
}

async function lastResiduals(
  runtime: Runtime,
  keys: TokenBatch,
  { values }: Edited,
  signal?: AbortSignal,
): Promise<Matrix> {
  const { residual } = await runtime.run(keys, ['residual'], { edits: values, signal })
  return residual
}
