import type { Edits, FingerprintRuntime, Matrix } from '../../inference/runtime'
import { type Embedding, embed } from '../edit/embed'
import { sliceBatch } from '../keys/batch'
import { candidatesPerKey } from '../keys/candidates'
import { solvedRows } from '../keys/contexts'
import { row } from '../linear/matrix'
import { derivedUniforms } from '../stats/random'
import { logOdds } from './competitors'
import { pickMoves, repeated, responsesOf } from './responses'
import { type HeadMetric, targetMoves } from './target-moves'

const keysAtOnce = 128
const rounds = 2
/** Nats by which a target is corrected in one round, at most. */
const mostAtOnce = 2

type Plan = Embedding & { secret: Uint8Array; candidates: Uint32Array }

/**
 * Per symbol, the moves [R, d] with which a copy answers at the `targets` [R], in log odds. The solver undershoots.
 * Embed one trial copy per symbol and correct each target by its measured error.
 */
export async function calibratedMoves(
  runtime: FingerprintRuntime,
  plan: Plan,
  metric: HeadMetric,
  targets: Float64Array,
  options: { signal?: AbortSignal; onProgress?: (done: number) => void } = {},
): Promise<Matrix[]> {
  const { secret, keys, candidates, residuals } = plan
  const requestedLogOdds = Array.from({ length: candidatesPerKey }, () => targets.slice())
  const answers = requestedLogOdds.map((_, symbol) =>
    repeated(responsesOf(candidates, new Uint8Array(keys.rows).fill(symbol)), residuals.rows),
  )
  const start = derivedUniforms(secret, 'pilot', [], keys.rows).map((u) => Math.floor(u * candidatesPerKey))
  let moves: Matrix[] = []
  for (let round = 0; round < rounds; round++) {
    moves = []
    for (const [symbol, responses] of answers.entries()) {
      options.signal?.throwIfAborted()
      moves.push(await targetMoves(metric, residuals, responses, requestedLogOdds[symbol]))
    }
    for (let shift = 0; round < rounds - 1 && shift < candidatesPerKey; shift++) {
      const codeword = Uint8Array.from(start, (symbol) => (symbol + shift) % candidatesPerKey)
      const { values } = await embed(runtime, plan, pickMoves(moves, codeword), 'F32', { signal: options.signal })
      const margins = await measuredMargins(runtime, plan, responsesOf(candidates, codeword), values, options.signal)
      for (const [i, margin] of margins.entries())
        requestedLogOdds[codeword[i % keys.rows]][i] += Math.max(-mostAtOnce, Math.min(mostAtOnce, targets[i] - margin))
      options.onProgress?.((round + (shift + 1) / candidatesPerKey) / (rounds - 1))
    }
  }
  return moves
}

/** Log odds of each row's response under the edits, [R]. */
async function measuredMargins(
  runtime: FingerprintRuntime,
  { keys, contexts, residuals }: Plan,
  responses: Uint32Array,
  edits: Edits,
  signal?: AbortSignal,
): Promise<Float64Array> {
  const margins = new Float64Array(residuals.rows)
  for (const [c, batch] of solvedRows(keys, contexts).entries())
    for (let from = 0; from < keys.rows; from += keysAtOnce) {
      const { logits } = await runtime.run(sliceBatch(batch, from, from + keysAtOnce), ['logits'], { edits, signal })
      for (let i = 0; i < logits.rows; i++)
        margins[c * keys.rows + from + i] = logOdds(row(logits, i), responses[from + i])
    }
  return margins
}
