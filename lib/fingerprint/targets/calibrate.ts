import type { FingerprintRuntime, Matrix } from '../../inference/runtime'
import { type Embedding, embed } from '../edit/embed'
import { candidatesPerKey } from '../keys/candidates'
import { solvedRows } from '../keys/contexts'
import { responseLogOdds } from '../quality/answers'
import { derivedUniforms } from '../stats/random'
import { pickMoves, repeated, responsesOf } from './responses'
import { type HeadMetric, targetMoves } from './target-moves'

const rounds = 2
/** Largest correction of a target in one round, nats. */
const maxCorrection = 2

type Plan = Embedding & { secret: Uint8Array; candidates: Uint32Array }

/**
 * Per symbol, the moves [R, d] with which a copy answers at the `targets` [R], in log odds. The solver undershoots:
 * trial copies are embedded, one for each shift of the symbols, and each target is corrected by its measured error.
 */
export async function calibratedMoves(
  runtime: FingerprintRuntime,
  plan: Plan,
  metric: HeadMetric,
  targets: Float64Array,
  options: { signal?: AbortSignal; onProgress?: (done: number) => void } = {},
): Promise<Matrix[]> {
  const { signal } = options
  const { secret, keys, contexts, candidates, residuals } = plan
  const requestedLogOdds = Array.from({ length: candidatesPerKey }, () => targets.slice())
  const answers = requestedLogOdds.map((_, symbol) =>
    repeated(responsesOf(candidates, new Uint8Array(keys.rows).fill(symbol)), residuals.rows),
  )
  const start = derivedUniforms(secret, 'pilot', [], keys.rows).map((u) => Math.floor(u * candidatesPerKey))
  let moves: Matrix[] = []
  for (let round = 0; round < rounds; round++) {
    moves = []
    for (const [symbol, responses] of answers.entries()) {
      signal?.throwIfAborted()
      moves.push(await targetMoves(metric, residuals, responses, requestedLogOdds[symbol]))
    }
    for (let shift = 0; round < rounds - 1 && shift < candidatesPerKey; shift++) {
      const codeword = Uint8Array.from(start, (symbol) => (symbol + shift) % candidatesPerKey)
      const { values: edits } = await embed(runtime, plan, pickMoves(moves, codeword), 'F32', { signal })
      const responses = responsesOf(candidates, codeword)
      for (const [c, batch] of solvedRows(keys, contexts).entries()) {
        const { logOdds } = await responseLogOdds(runtime, batch, responses, { edits, signal })
        for (const [key, reached] of logOdds.entries()) {
          const i = c * keys.rows + key
          requestedLogOdds[codeword[key]][i] += Math.max(-maxCorrection, Math.min(maxCorrection, targets[i] - reached))
        }
      }
      options.onProgress?.((round + (shift + 1) / candidatesPerKey) / (rounds - 1))
    }
  }
  return moves
}
