import { chanceOfFirst, type TieChannel } from './tie-channel'

/** Steps a nat: weights are whole numbers, so that a score's tail is exact. */
const stepsPerNat = 6
const mostSteps = 24

/**
 * What each vote says about its key's bit: the log-likelihood ratio of a bit that agrees against one that does not, in
 * whole steps, [N]. A vote against the base's own leaning says more than one with it. Weights may depend on the votes
 * and on other copies' bits `beside` [N] (their mean where `members` copies took part) without harm to the test: an innocent
 * copy's bits are independent of both.
 */
export function voteWeights(
  channel: TieChannel,
  votes: Int8Array,
  { members = 1, beside }: { members?: number; beside?: Float64Array } = {},
): Uint8Array {
  return Uint8Array.from(votes, (vote, k) => {
    if (vote === 0) return 0
    const others = (members - 1) / members
    const chance = (bit: number) => {
      const first = chanceOfFirst(channel, k, bit / members + others * (beside?.[k] ?? 0))
      return vote > 0 ? first : 1 - first
    }
    const nats = Math.log(chance(vote) / chance(-vote))
    return Math.max(0, Math.min(mostSteps, Math.round(stepsPerNat * members * nats)))
  })
}
