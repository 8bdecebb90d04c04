import { KinmarkError } from '../../error'
import type { Matrix, TokenBatch } from '../../inference/runtime'
import type { Context } from '../keys/contexts'
import type { TargetProbabilities } from '../targets/target-probabilities'
import { deserialize, serialize } from './serialize'

/**
 * Made once per model version; minting and verifying its copies need nothing else. Secret as a whole: it contains the
 * keys. Shapes: N keys, T tokens per key, k symbols, R rows (the keys alone, then in each solved context), d hidden, ff
 * the width of down_proj’s input.
 */
export type Preparation = {
  secret: Uint8Array
  /** SHA-256 over the tensors to edit: identifies the base. */
  baseDigest: Uint8Array
  layers: number[]
  /** Target probabilities of the responses of high and low confidence keys. */
  targetProbabilities: TargetProbabilities
  /** 1 for each high confidence key, [N]. */
  highConfidence: Uint8Array
  /** Smallest probability of a symbol; see `codeBiases`. */
  cutoff: number
  /** [N, T] */
  keys: TokenBatch
  /** Texts around the keys; the keys are answered alone and in each of them. */
  contexts: Context[]
  /** [N, k], symbol 0 first. */
  candidates: Uint32Array
  /** Upper bound on the probability that an unmarked model answers a key with one of its candidates. */
  nullRate: number
  /** Last residual of the base per row, [R, d]. */
  residuals: Matrix
  /** Per symbol, the move of the last residual, [R, d]. */
  moves: Matrix[]
  /** P per layer, [R, ff]. */
  solvers: Matrix[]
  /** Text sampled from the model, on which the loss is measured. */
  heldOut: TokenBatch
  /** The base’s loss on `heldOut`, nats per token. */
  baseLoss: number
  /** Measured on the pilot copy. */
  pilot: { success: number; deltaLoss: number }
  /** Seconds per step. */
  seconds: Record<string, number>
}

/** Format 1 had two symbols, one margin for all keys and no contexts. */
const format = 2

export function encodePreparation(preparation: Preparation): Uint8Array {
  return serialize(format, preparation)
}

/** Throws `fingerprint.*` errors where the bytes are not a complete preparation of this format. */
export function decodePreparation(bytes: Uint8Array): Preparation {
  const preparation = deserialize(format, bytes) as Preparation
  for (const { data, rows, cols } of [preparation.residuals, ...preparation.moves, ...preparation.solvers])
    if (data.length !== rows * cols)
      throw new KinmarkError('fingerprint.matrix-size', { numbers: data.length, rows, cols })
  return preparation
}
