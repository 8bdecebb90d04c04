import type { FingerprintRuntime, Matrix } from '../../inference/runtime'
import { codeBiases, codewordOf } from '../code/code'
import { derive } from '../code/secrets'
import { embed } from '../edit/embed'
import type { Preparation } from '../format/preparation'
import { pickMoves, responsesOf } from '../targets/responses'
import { greedyAnswers, successRate } from './answers'
import { meanLoss } from './quality-loss'

/** Embeds one pilot copy and measures it, to check the moves before any copy is minted. */
export async function pilotCopy(
  runtime: FingerprintRuntime,
  plan: Omit<Preparation, 'moves' | 'targetProbabilities' | 'nullRate' | 'pilot' | 'seconds'>,
  moves: readonly Matrix[],
  signal?: AbortSignal,
): Promise<Preparation['pilot']> {
  const biases = codeBiases(plan.secret, plan.keys.rows, plan.cutoff)
  const codeword = codewordOf(plan.secret, biases, 'pilot', derive(plan.secret, 'pilot', [], 32))
  const { values: edits } = await embed(runtime, plan, pickMoves(moves, codeword), 'F32', { signal })
  const answers = await greedyAnswers(runtime, plan.keys, { edits, signal })
  return {
    success: successRate(answers, responsesOf(plan.candidates, codeword)),
    deltaLoss: (await meanLoss(runtime, plan.heldOut, { edits, signal })) - plan.baseLoss,
  }
}
