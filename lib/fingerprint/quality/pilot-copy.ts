import type { MarkingRuntime, Matrix } from '../../inference/runtime'
import { codeBiases, codewordOf } from '../code/code'
import { derive } from '../code/secrets'
import { embed } from '../edit/embed'
import type { Preparation } from '../format/preparation'
import { pickMoves, responsesOf } from '../targets/responses'
import { greedyAnswers, successRate } from './answers'
import { meanLoss } from './quality-loss'

/** Mints a copy for nobody and measures it: whether these moves are good enough for every copy to come. */
export async function rehearse(
  runtime: MarkingRuntime,
  p: Omit<Preparation, 'moves' | 'aims' | 'nullRate' | 'rehearsal' | 'seconds'>,
  moves: readonly Matrix[],
  signal?: AbortSignal,
): Promise<Preparation['rehearsal']> {
  const biases = codeBiases(p.secret, p.keys.rows, p.cutoff)
  const codeword = codewordOf(p.secret, biases, 'rehearsal', derive(p.secret, 'rehearsal', [], 32))
  const { values: edits } = await embed(runtime, p, pickMoves(moves, codeword), 'F32', { signal })
  const answers = await greedyAnswers(runtime, p.keys, { edits, signal })
  return {
    success: successRate(answers, responsesOf(p.candidates, codeword)),
    deltaLoss: (await meanLoss(runtime, p.heldOut, { edits, signal })) - p.baseLoss,
  }
}
