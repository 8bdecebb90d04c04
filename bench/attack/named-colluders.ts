import { isDisclosed } from '../../lib/fingerprint/keyset/is-disclosed'
import { judgeAnswers } from '../../lib/fingerprint/near-ties/judge-answers'
import type { TieChannel } from '../../lib/fingerprint/near-ties/tie-channel'
import { falsePositiveRate } from '../../lib/fingerprint/verify'

/** A coalition, and the votes [N] that its answers gave. */
export type Trial = { members: readonly number[]; votes: Int8Array }

/** Over all trials: in how many some or all members were named, how many each time, and innocents in all. */
export type NamedColluders = {
  trials: number
  any: number
  all: number
  mean: number
  least: number
  innocents: number
}

type Judge = Parameters<typeof judgeAnswers>

/** Judges coalitions by the votes on secret keys alone, as a prover does. */
export function namedColluders(channel: TieChannel, table: Judge[2], trials: Iterable<Trial>): NamedColluders {
  let [count, any, all, named, innocents] = [0, 0, 0, 0, 0]
  let least = Number.POSITIVE_INFINITY
  for (const { members, votes } of trials) {
    const secret = votes.map((vote, k) => (isDisclosed(k) ? 0 : vote))
    const { accused } = judgeAnswers([channel], { votes: secret, residuals: null }, table, falsePositiveRate)
    const guilty = accused.filter(({ copy }) => members.includes(copy)).length
    count++
    any += guilty > 0 ? 1 : 0
    all += guilty === members.length ? 1 : 0
    named += guilty
    least = Math.min(least, guilty)
    innocents += accused.length - guilty
  }
  return { trials: count, any, all, mean: named / count, least, innocents }
}
