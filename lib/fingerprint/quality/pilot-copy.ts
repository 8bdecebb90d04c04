import type { FingerprintRuntime, Matrix } from '../../inference/runtime'
import { codeBiases, codewordOf } from '../code/code'
import { derive } from '../code/secrets'
import { embed } from '../edit/embed'
import type { Preparation } from '../format/preparation'
import { pickMoves, responsesOf } from '../targets/responses'
import { greedyAnswers, successRate } from './answers'
import { meanLoss } from './quality-loss'

/** Mints one pilot copy and measures it: whether these moves are good enough for every later copy. */
export async function pilotCopy(
  runtime: FingerprintRuntime,
  p: Omit<Preparation, 'moves' | 'targetProbabilities' | 'nullRate' | 'pilot' | 'seconds'>,
  moves: readonly Matrix[],
  signal?: AbortSignal,
): Promise<Preparation['pilot']> {
  const biases = codeBiases(p.secret, p.keys.rows, p.cutoff)
  const codeword = codewordOf(p.secret, biases, 'pilot', derive(p.secret, 'pilot', [], 32))
  const { values: edits } = await embed(runtime, p, pickMoves(moves, codeword), 'F32', { signal })
  const answers = await greedyAnswers(runtime, p.keys, { edits, signal })
  return {
    success: successRate(answers, responsesOf(p.candidates, codeword)),
    deltaLoss: (await meanLoss(runtime, p.heldOut, { edits, signal })) - p.baseLoss,
  }
}
