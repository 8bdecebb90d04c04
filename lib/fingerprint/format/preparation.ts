import { KinmarkError } from '../../error'
import type { Matrix, TokenBatch } from '../../inference/runtime'
import type { Context } from '../keys/contexts'
import type { TargetProbabilities } from '../targets/target-probabilities'
import { deserialize, serialize } from './serialize'

/**
 * Everything that minting and verifying copies of one model need, made once. Secret as a whole: it holds the keys.
 * Shapes: N keys, T tokens a key, k symbols, R rows (the keys, once for each solved context), d hidden, ff the width of
 * down_proj's input.
 */
export type Preparation = {
  secret: Uint8Array
  /** SHA-256 over the edited tensors of the base: which weights this belongs to. */
  baseDigest: Uint8Array
  layers: number[]
  /** Probabilities with which high and low confidence keys are answered. */
  targetProbabilities: TargetProbabilities
  /** 1 for each high confidence key, [N]. */
  highConfidence: Uint8Array
  /** Of the code's biases. */
  cutoff: number
  /** [N, T] */
  keys: TokenBatch
  /** What keys are asked behind, besides being asked alone. */
  contexts: Context[]
  /** [N, k], symbol 0 first. */
  candidates: Uint32Array
  /** Bound on the chance that a model never marked answers one of a key's candidates. */
  nullRate: number
  /** The base's last residual per row, [R, d]. */
  residuals: Matrix
  /** Per symbol, the move of the last residual, [R, d]. */
  moves: Matrix[]
  /** P per layer, [R, ff]. */
  solvers: Matrix[]
  /** Text from the model itself, on which harm is measured. */
  heldOut: TokenBatch
  /** The base's loss on it, nats per token. */
  baseLoss: number
  /** Of the rehearsed copy, before any was minted. */
  pilot: { success: number; deltaLoss: number }
  /** Seconds per step. */
  seconds: Record<string, number>
}

/** 1 had two symbols, one margin for all keys and no contexts. */
const format = 2

export function encodePreparation(preparation: Preparation): Uint8Array {
  return serialize(format, preparation)
}

export function decodePreparation(bytes: Uint8Array): Preparation {
  const preparation = deserialize(format, bytes) as Preparation
  for (const { data, rows, cols } of [preparation.residuals, ...preparation.moves, ...preparation.solvers])
    if (data.length !== rows * cols)
      throw new KinmarkError('fingerprint.matrix-size', { numbers: data.length, rows, cols })
  return preparation
}
