import { KinmarkError } from '../../error'
import type { TokenBatch } from '../../inference/runtime'
import type { TieEmbedding } from '../near-ties/embed-ties'
import type { TieChannel } from '../near-ties/tie-channel'
import type { CheckBase } from '../quality/check-base'
import { deserialize, serialize } from './serialize'

/**
 * Made once per model version; minting and tracing its copies need nothing else. Secret as a whole: with it the
 * fingerprints can be found. N keys, L edited layers, d hidden, ff width of down_proj's input.
 */
export type Preparation = TieEmbedding & {
  secret: Uint8Array
  /** SHA-256 over the base's tensors that are edited. */
  baseDigest: Uint8Array
  channel: TieChannel
  /** Text from the model itself, on which harm is measured. */
  heldOut: TokenBatch
  /** The base's loss on it, nats per token. */
  baseLoss: number
  /** The base’s side of the checks of copies. Preparations that were made before it was kept lack it, and it is computed again. */
  base?: CheckBase
  /** Share of keys that a pilot copy's bits win, and its loss of quality in nats. */
  pilot: { agreement: number; deltaLoss: number }
  /** Seconds per step. */
  seconds: Record<string, number>
}

/** Formats 1 and 2 had loud keys: other prompts, other evidence and other edits. */
const format = 3

export function encodePreparation(preparation: Preparation): Uint8Array {
  return serialize(format, preparation)
}

/** Throws `fingerprint.*` errors where the bytes are not a complete preparation of this format. */
export function decodePreparation(bytes: Uint8Array): Preparation {
  const preparation = deserialize(format, bytes) as Preparation
  const { writing, kernel } = preparation
  for (const { data, rows, cols } of [kernel, writing.moves, ...writing.solvers])
    if (data.length !== rows * cols)
      throw new KinmarkError('fingerprint.matrix-size', { numbers: data.length, rows, cols })
  return preparation
}
