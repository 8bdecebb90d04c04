import type { Matrix, Runtime, TokenBatch } from '../inference/runtime'
import { sliceBatch } from './batch'
import { candidatesPerKey, orderCandidates, perinucleus } from './candidates'
import { row, zeros } from './linear/matrix'

const keysAtOnce = 128

/** What the unedited base says to its keys. */
export type KeyStates = {
  /** Per layer, the input of down_proj, [N, ff]. */
  inputs: Matrix[]
  /** Last residual, [N, d]. */
  residuals: Matrix
  /** Candidate responses in the order of their symbols, [N, 2]. */
  candidates: Uint32Array
}

export async function readKeyStates(
  runtime: Runtime,
  secret: Uint8Array,
  keys: TokenBatch,
  layers: readonly number[],
  signal?: AbortSignal,
): Promise<KeyStates> {
  const { hidden, ff } = runtime.shape
  const states = {
    inputs: layers.map(() => zeros(keys.rows, ff)),
    residuals: zeros(keys.rows, hidden),
    candidates: new Uint32Array(keys.rows * candidatesPerKey),
  }
  const taps = layers.map((layer) => `z.${layer}` as const)
  for (let from = 0; from < keys.rows; from += keysAtOnce) {
    const part = sliceBatch(keys, from, from + keysAtOnce)
    const out = await runtime.run(part, ['logits', 'residual', ...taps], { signal })
    for (const [i, tap] of taps.entries()) states.inputs[i].data.set(out[tap].data, from * ff)
    states.residuals.data.set(out.residual.data, from * hidden)
    for (let i = 0; i < part.rows; i++) {
      const ordered = orderCandidates(secret, part, i, perinucleus(row(out.logits, i)))
      states.candidates.set(ordered, (from + i) * candidatesPerKey)
    }
  }
  return states
}
