import type { FingerprintRuntime, Matrix } from '../../inference/runtime'
import type { WeightDtype } from '../../weights/dtype/dtype'
import { editTensor } from '../edit/edit-tensor'
import { factor } from '../linear/factor'
import { matrixTrace, square } from '../linear/square'
import type { NearTieKeys } from './near-tie-keys'
import { type TieWriting, weighted } from './tie-writing'

/** The part of a preparation that every copy shares: everything but the bits. */
export type TieEmbedding = {
  keys: NearTieKeys
  layers: readonly number[]
  writing: TieWriting
  /** G [N, N]; see `tieKernel`. */
  kernel: Matrix
  /** Requested logit difference, nats, in favour of the answer that a copy's bit selects, [N]. */
  margins: Float64Array
}

export type EditedTies = {
  bytes: Map<string, Uint8Array>
  values: Map<string, Float32Array>
  /** The number for each key that the edits were made from; `writeTies` makes them again. */
  alpha: Float64Array
  productSeconds: number
}

/** Weight of little harm against reached margins: a ridge, as a part of G's mean diagonal. */
const ridge = 0.3
const rounds = 2

type EmbedOptions = {
  /** The kernel's `ridgeSolver`, where there is one already. */
  solve?: RidgeSolver
  signal?: AbortSignal
  onProgress?: (done: number) => void
}

/**
 * Edits with which key k's answer leads by bit · margin nats: α = (G + ridge)⁻¹ (wanted − difference), in two rounds, the
 * second on the differences that G predicts under the first. One number a key is asked for, not a whole residual, so the
 * edit stays free to disturb text least; one product a layer. The model is not run, and no product's sums depend on the
 * number of threads: the same bits give the same bytes.
 */
export async function embedTies(
  runtime: FingerprintRuntime,
  embedding: TieEmbedding,
  bits: Int8Array,
  dtype: WeightDtype,
  { signal, onProgress, ...options }: EmbedOptions = {},
): Promise<EditedTies> {
  const { keys, layers, writing, kernel, margins } = embedding
  const solve = options.solve ?? (await ridgeSolver(runtime, kernel))
  const alpha = new Float64Array(bits.length)
  let now = keys.gaps
  for (let round = 1; round <= rounds; round++) {
    const missing = Float32Array.from(now, (difference, i) => bits[i] * margins[i] - difference)
    const step = await solve({ data: missing, rows: 1, cols: missing.length })
    for (let i = 0; i < alpha.length; i++) alpha[i] += step.data[i]
    now = movedBy(kernel, keys.gaps, alpha)
  }
  return writeTies(runtime, layers, writing, alpha, dtype, { signal, onProgress })
}

/** differences + G α: the keys' differences under the edits that α makes, as G has them. */
function movedBy({ data, cols }: Matrix, differences: Float64Array, alpha: Float64Array): Float64Array {
  return differences.map((difference, i) => alpha.reduce((sum, x, j) => sum + data[i * cols + j] * x, difference))
}

/** W + movesᵀ diag(α) solvers for every layer, as rounded to `dtype`. */
async function writeTies(
  runtime: FingerprintRuntime,
  layers: readonly number[],
  { moves, solvers }: TieWriting,
  alpha: Float64Array,
  dtype: WeightDtype,
  { signal, onProgress }: Pick<EmbedOptions, 'signal' | 'onProgress'>,
): Promise<EditedTies> {
  const edited: EditedTies = { bytes: new Map(), values: new Map(), alpha, productSeconds: 0 }
  const targets = weighted(moves, alpha)
  for (const [n, layer] of layers.entries()) {
    signal?.throwIfAborted()
    const tensor = await editTensor(runtime, layer, targets, solvers[n], dtype)
    edited.bytes.set(tensor.name, tensor.bytes)
    edited.values.set(tensor.name, tensor.values)
    edited.productSeconds += tensor.productSeconds
    onProgress?.((n + 1) / layers.length)
  }
  return edited
}

/** Rows of (G + ridge · mean diagonal · I)⁻¹. */
export type RidgeSolver = (rows: Matrix) => Promise<Matrix>

export async function ridgeSolver({ matmul }: FingerprintRuntime, kernel: Matrix): Promise<RidgeSolver> {
  const g = square(kernel.rows)
  g.data.set(kernel.data)
  return (await factor(matmul, g, 1, (ridge * matrixTrace(g)) / g.size)).whole
}
