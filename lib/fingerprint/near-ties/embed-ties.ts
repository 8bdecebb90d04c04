import { concatBytes } from '@noble/hashes/utils.js'
import { KinmarkError } from '../../error'
import type { Edits, FingerprintRuntime, Matrix } from '../../inference/runtime'
import type { WeightDtype } from '../../weights/dtype/dtype'
import { toFloat32 } from '../../weights/dtype/float32'
import { editedRows } from '../edit/edit'
import { factor } from '../linear/factor'
import { matrixTrace, square } from '../linear/square'
import { leads, type NearTieKeys, runKeys } from './near-tie-keys'
import { type TieWriting, weighted } from './tie-writing'

/** What an embedding needs of a preparation: everything but the bits. */
export type TieEmbedding = {
  keys: NearTieKeys
  layers: readonly number[]
  writing: TieWriting
  /** G [N, N]; see `tieKernel`. */
  kernel: Matrix
  /** By how many nats the answer that a copy's bit names shall lead, [N]. */
  margins: Float64Array
}

export type EditedTies = { bytes: Map<string, Uint8Array>; values: Map<string, Float32Array>; productSeconds: number }

/** Weight of little harm against reached margins: a ridge, as a part of G's mean diagonal. */
const ridge = 0.3
const rounds = 2

/**
 * Edits with which key k's answer leads by bit · margin nats: α = (G + ridge)⁻¹ (wanted − measured), in two rounds, the
 * second on the leads measured under the first. One number a key is asked for, not a whole residual, so the edit stays
 * free to disturb text least; one product a layer and round.
 */
export async function embedTies(
  runtime: FingerprintRuntime,
  embedding: TieEmbedding,
  bits: Int8Array,
  dtype: WeightDtype,
  options: { signal?: AbortSignal; onProgress?: (done: number) => void } = {},
): Promise<EditedTies> {
  const { keys, layers, writing, kernel, margins } = embedding
  const solve = await ridgeSolver(runtime, kernel)
  const alpha = new Float64Array(bits.length)
  let edited: EditedTies = { bytes: new Map(), values: new Map(), productSeconds: 0 }
  for (let round = 0; round < rounds; round++) {
    options.signal?.throwIfAborted()
    const now = round === 0 ? keys.gaps : await leadsUnder(runtime, keys, edited.values, options.signal)
    const missing = Float32Array.from(now, (lead, i) => bits[i] * margins[i] - lead)
    const step = await solve({ data: missing, rows: 1, cols: missing.length })
    for (let i = 0; i < alpha.length; i++) alpha[i] += step.data[i]
    edited = await writeTies(runtime, layers, writing, alpha, dtype)
    options.onProgress?.((round + 1) / rounds)
  }
  return edited
}

/** W + movesᵀ diag(α) solvers for every layer, as rounded to `dtype`. */
async function writeTies(
  runtime: FingerprintRuntime,
  layers: readonly number[],
  { moves, solvers }: TieWriting,
  alpha: Float64Array,
  dtype: WeightDtype,
): Promise<EditedTies> {
  const edited: EditedTies = { bytes: new Map(), values: new Map(), productSeconds: 0 }
  const targets = weighted(moves, alpha)
  for (const [n, layer] of layers.entries()) {
    const name = runtime.shape.downProj[layer]
    const base = await runtime.tensor(name)
    const baseRows = (from: number, to: number) => base.data.subarray(from * base.cols, to * base.cols)
    const parts: Uint8Array[] = []
    for await (const part of editedRows(runtime.matmul, baseRows, targets, solvers[n], dtype)) {
      parts.push(part.bytes)
      edited.productSeconds += part.productSeconds
    }
    const bytes = concatBytes(...parts)
    const values = toFloat32(bytes, dtype)
    if (!values.every(Number.isFinite)) throw new KinmarkError('fingerprint.edit-overflow', { tensor: name, dtype })
    edited.bytes.set(name, bytes)
    edited.values.set(name, values)
  }
  return edited
}

export async function leadsUnder(
  runtime: FingerprintRuntime,
  keys: NearTieKeys,
  edits: Edits,
  signal?: AbortSignal,
): Promise<Float64Array> {
  return leads((await runKeys(runtime, keys, ['logits'], { edits, signal })).logits, keys.pairs)
}

/** Rows of (G + ridge · mean diagonal · I)⁻¹. */
export async function ridgeSolver(
  { matmul }: FingerprintRuntime,
  kernel: Matrix,
): Promise<(rows: Matrix) => Promise<Matrix>> {
  const g = square(kernel.rows)
  g.data.set(kernel.data)
  return (await factor(matmul, g, 1, (ridge * matrixTrace(g)) / g.size)).whole
}
