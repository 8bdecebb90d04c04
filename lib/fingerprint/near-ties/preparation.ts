import { KinmarkError } from '../../error'
import type { TokenBatch } from '../../inference/runtime'
import { deserialize, serialize } from '../format/serialize'
import type { TieEmbedding } from './embed-ties'
import type { TieChannel } from './tie-channel'

/** Everything that the copies of one model share. N keys, L edited layers, d hidden, ff width of down_proj's input. */
export type TiePreparation = TieEmbedding & {
  secret: Uint8Array
  /** SHA-256 over the base's tensors that are edited. */
  baseDigest: Uint8Array
  channel: TieChannel
  /** Text from the model itself, on which harm is measured. */
  heldOut: TokenBatch
  /** The base's loss on it, nats per token. */
  baseLoss: number
  /** Share of keys that a pilot copy's bits win, and its loss of quality in nats. */
  pilot: { agreement: number; deltaLoss: number }
  /** Seconds per step. */
  seconds: Record<string, number>
}

/** After the two formats of loud keys. */
const format = 3

export function encodeTies(preparation: TiePreparation): Uint8Array {
  return serialize(format, preparation)
}

export function decodeTies(bytes: Uint8Array): TiePreparation {
  const preparation = deserialize(format, bytes) as TiePreparation
  const { writing, kernel } = preparation
  for (const { data, rows, cols } of [kernel, writing.moves, ...writing.solvers])
    if (data.length !== rows * cols)
      throw new KinmarkError('fingerprint.matrix-size', { numbers: data.length, rows, cols })
  return preparation
}
