import { type Accused, accuse } from '../evidence/accuse'
import { type BitTable, scoreOf } from '../evidence/copy-scores'
import { signedSumTail } from '../evidence/signed-sum-tail'
import type { TieChannel } from './tie-channel'
import { type Beside, voteWeights } from './vote-weights'

export type TieVerdict = {
  /** Keys answered with one of their two answers. */
  answered: number
  /** Copies that had a part in the answers, surest first. */
  accused: Accused[]
  /** −log of each copy's p-value over all its tests, before the union over copies, [copies]. */
  nats: Float64Array
}

/**
 * Each copy is tested alone, as one of three, for votes that contradict it (colluders who answer what the fewest of them
 * would), and beside the most suspect others, whose bits explain a part of the votes.
 */
const alone = [1, 3]
const besides = [1, 2, 4]
const tests = alone.length + 1 + besides.length

/**
 * The copies that gave these votes: every copy's weighted agreement, with its exact tail under fair bits. `rate` bounds the
 * chance that any innocent copy is accused, whatever model answered: after the union over all copies and tests, and
 * without any assumption on the model but that it does not depend on the copy's bits. Judging a copy beside others costs
 * no certainty: who they are follows from the votes and the *other* copies' bits.
 */
export function judgeVotes(channel: TieChannel, votes: Int8Array, table: BitTable, rate: number): TieVerdict {
  const nats = new Float64Array(table.copies)
  const raise = (copies: readonly number[], beside: Beside, sign = 1) => {
    const weights = voteWeights(channel, votes, beside)
    const tail = signedSumTail(weights)
    const agreement = Float64Array.from(weights, (w, k) => sign * w * votes[k])
    for (const copy of copies) {
      const p = Math.min(1, tests * Math.max(tail(scoreOf(table, copy, agreement)), Number.MIN_VALUE))
      nats[copy] = Math.max(nats[copy], -Math.log(p))
    }
  }
  const all = Array.from({ length: table.copies }, (_, copy) => copy)
  for (const members of alone) raise(all, { members })
  raise(all, { members: 3 }, -1)
  const first = nats.slice()
  for (const count of besides.filter((count) => count < table.copies)) {
    const suspects = mostSuspect(first, count, -1)
    raise(
      all.filter((copy) => !suspects.includes(copy)),
      beside(table, suspects),
    )
    for (const copy of suspects) raise([copy], beside(table, mostSuspect(first, count, copy)))
  }
  return { answered: votes.reduce((sum, vote) => sum + Math.abs(vote), 0), accused: accuse(nats, rate), nats }
}

/** The copies with the most evidence against them when judged alone, but for `except`. */
function mostSuspect(nats: Float64Array, count: number, except: number): number[] {
  const picked: number[] = []
  while (picked.length < count) {
    let best = -1
    for (let copy = 0; copy < nats.length; copy++)
      if (copy !== except && !picked.includes(copy) && (best < 0 || nats[copy] > nats[best])) best = copy
    if (best < 0) break
    picked.push(best)
  }
  return picked
}

function beside({ bits, keys }: BitTable, suspects: readonly number[]): Beside {
  const lean = new Float64Array(keys)
  for (const copy of suspects) for (let k = 0; k < keys; k++) lean[k] += bits[copy * keys + k] / suspects.length
  return { members: suspects.length + 1, lean }
}
