import type { Matrix, Runtime, TokenBatch } from '../../inference/runtime'
import { row, zeros } from '../linear/matrix'
import { candidatesPerKey, orderCandidates, perinucleus } from './candidates'
import { type Context, solvedRows } from './contexts'
import { runInParts } from './run-in-parts'

/** States of the unedited base at the keys. R rows: the keys alone, then in each context that is solved. */
export type KeyStates = {
  /** Per layer, the input of down_proj, [R, ff]. */
  inputs: Matrix[]
  /** Last residual, [R, d]. */
  residuals: Matrix
  /** Candidate responses of the keys alone, in the order of their symbols, [N, k]. */
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
    for await (const { from, part, out } of runInParts(runtime, batch, ['logits', 'residual', ...taps], { signal })) {
      const at = c * keys.rows + from
      for (const [i, tap] of taps.entries()) states.inputs[i].data.set(out[tap].data, at * ff)
      states.residuals.data.set(out.residual.data, at * hidden)
      for (let i = 0; c === 0 && i < part.rows; i++) {
        const ordered = orderCandidates(secret, part, i, perinucleus(row(out.logits, i)))
        states.candidates.set(ordered, (at + i) * candidatesPerKey)
      }
    }
  return states
}
