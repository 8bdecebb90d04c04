import { KinmarkError } from '../error'
import type { Matrix, TokenBatch } from '../inference/runtime'
import { readSections, writeSections } from './sections'

/**
 * Everything that minting and verifying copies of one model need, made once. Secret as a whole: it holds the keys.
 * Shapes: N keys, T tokens a key, d hidden, ff the width of down_proj's input.
 */
export type Preparation = {
  secret: Uint8Array
  /** SHA-256 over the edited tensors of the base: which weights this belongs to. */
  baseDigest: Uint8Array
  layers: number[]
  /** Logits by which a response shall win. */
  margin: number
  /** Of the code's biases. */
  cutoff: number
  /** [N, T] */
  keys: TokenBatch
  /** [N, 2], symbol 0 first. */
  candidates: Uint32Array
  /** Bound on the chance that a model never marked answers one of a key's candidates. */
  nullRate: number
  /** The base's last residual per key, [N, d]. */
  residuals: Matrix
  /** Per symbol, the move of the last residual, [N, d]. */
  moves: Matrix[]
  /** P per layer, [N, ff]. */
  solvers: Matrix[]
  /** Text from the model itself, on which harm is measured. */
  heldOut: TokenBatch
  /** The base's loss on it, nats per token. */
  baseLoss: number
  /** Of the rehearsed copy, before any was minted. */
  rehearsal: { success: number; deltaLoss: number }
  /** Seconds per step. */
  seconds: Record<string, number>
}

const format = 1

export function encodePreparation(p: Preparation): Uint8Array {
  const { secret, baseDigest, candidates, keys, heldOut, residuals, moves, solvers, ...plain } = p
  const shape = { rows: keys.rows, length: keys.length, hidden: residuals.cols, ff: solvers[0].cols }
  const head = { ...plain, ...shape, heldOut: { rows: heldOut.rows, length: heldOut.length } }
  const matrices = [residuals, ...moves, ...solvers]
  return writeSections(format, [
    new TextEncoder().encode(JSON.stringify(head)),
    secret,
    baseDigest,
    keys.ids,
    candidates,
    heldOut.ids,
    ...matrices.map(({ data }) => data),
  ])
}

export function decodePreparation(bytes: Uint8Array): Preparation {
  const [head, secret, baseDigest, keys, candidates, heldOut, ...matrices] = readSections(format, bytes)
  const { rows, length, hidden, ff, ...plain } = JSON.parse(new TextDecoder().decode(head))
  const matrix = (section: Uint8Array, cols: number): Matrix => {
    const data = new Float32Array(section.buffer)
    if (data.length !== rows * cols)
      throw new KinmarkError(`The preparation holds a matrix of ${data.length} numbers where ${rows * cols} belong.`)
    return { data, rows, cols }
  }
  const symbols = candidates.length / 4 / rows
  return {
    ...plain,
    secret,
    baseDigest,
    keys: { ids: new Int32Array(keys.buffer), rows, length },
    candidates: new Uint32Array(candidates.buffer),
    heldOut: { ids: new Int32Array(heldOut.buffer), ...plain.heldOut },
    residuals: matrix(matrices[0], hidden),
    moves: matrices.slice(1, 1 + symbols).map((section) => matrix(section, hidden)),
    solvers: matrices.slice(1 + symbols).map((section) => matrix(section, ff)),
  }
}
