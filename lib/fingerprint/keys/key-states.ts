import type { Matrix, Runtime, TokenBatch } from '../../inference/runtime'
import { row, zeros } from '../linear/matrix'
import { sliceBatch } from './batch'
import { candidatesPerKey, orderCandidates, perinucleus } from './candidates'
import { type Context, solvedRows } from './contexts'

const keysAtOnce = 128

/** What the unedited base says to its keys. R rows: the keys, once for each context that is solved. */
export type KeyStates = {
  /** Per layer, the input of down_proj, [R, ff]. */
  inputs: Matrix[]
  /** Last residual, [R, d]. */
  residuals: Matrix
  /** Candidate responses in the order of their symbols, [N, k]: those of the bare keys. */
  candidates: Uint32Array
}

export async function readKeyStates(
  runtime: Runtime,
  secret: Uint8Array,
  keys: TokenBatch,
  contexts: readonly Context[],
  layers: readonly number[],
  signal?: AbortSignal,
): Promise<KeyStates> {
  const { hidden, ff } = runtime.shape
  const batches = solvedRows(keys, contexts)
  const states = {
    inputs: layers.map(() => zeros(keys.rows * batches.length, ff)),
    residuals: zeros(keys.rows * batches.length, hidden),
    candidates: new Uint32Array(keys.rows * candidatesPerKey),
  }
  const taps = layers.map((layer) => `z.${layer}` as const)
  for (const [c, batch] of batches.entries())
    for (let from = 0; from < keys.rows; from += keysAtOnce) {
      const part = sliceBatch(batch, from, from + keysAtOnce)
      const at = c * keys.rows + from
      const out = await runtime.run(part, ['logits', 'residual', ...taps], { signal })
      for (const [i, tap] of taps.entries()) states.inputs[i].data.set(out[tap].data, at * ff)
      states.residuals.data.set(out.residual.data, at * hidden)
      for (let i = 0; c === 0 && i < part.rows; i++) {
        const ordered = orderCandidates(secret, part, i, perinucleus(row(out.logits, i)))
        states.candidates.set(ordered, at * candidatesPerKey + i * candidatesPerKey)
      }
    }
  return states
}
