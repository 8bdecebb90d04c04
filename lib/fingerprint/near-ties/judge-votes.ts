import { type Accused, accuse } from '../evidence/accuse'
import { type BitTable, copyScores } from '../evidence/copy-scores'
import { signedSumTail } from '../evidence/signed-sum-tail'
import type { TieChannel } from './tie-channel'
import { voteWeights } from './vote-weights'

export type TieVerdict = {
  /** Keys answered with one of their two answers. */
  answered: number
  /** Copies that had a part in the answers, surest first. */
  accused: Accused[]
  /** −log of each copy's exact p-value, before the union, [copies]. */
  nats: Float64Array
}

/** Tests of each copy: alone, and as one of a few. */
const coalitions = [1, 3]

/**
 * Whose copy gave these votes: every copy's weighted agreement, with its exact tail under fair bits. `rate` bounds the
 * chance that any innocent copy is accused, whatever model answered: after the union over all copies and tests, and
 * without any assumption on the model but that it does not depend on the copy's bits.
 */
export function judgeVotes(channel: TieChannel, votes: Int8Array, table: BitTable, rate: number): TieVerdict {
  const nats = new Float64Array(table.copies)
  for (const members of coalitions) {
    const weights = voteWeights(channel, votes, { members })
    const tail = signedSumTail(weights)
    const scores = copyScores(table, weights.length === 0 ? [] : Float64Array.from(weights, (w, k) => w * votes[k]))
    for (const [copy, score] of scores.entries())
      nats[copy] = Math.max(nats[copy], -Math.log(coalitions.length * Math.max(tail(score), Number.MIN_VALUE)))
  }
  return { answered: votes.reduce((sum, vote) => sum + Math.abs(vote), 0), accused: accuse(nats, rate), nats }
}
