import { chanceOfFirst, type TieChannel } from './tie-channel'

/** Steps a nat: weights are whole numbers, so that a score's tail is exact. */
const stepsPerNat = 6
const mostSteps = 24

/** The coalition that is assumed: its number of copies, the others of which lean to each key's first answer by `lean`, −1 to 1, [N]. */
export type Beside = { members: number; lean?: Float64Array }

/**
 * Evidence of each vote about its key's bit: the log-likelihood ratio of a bit that agrees against one that does not, in
 * whole steps, [N]. A vote against the base's own leaning says more than one with it. Weights may depend on the votes
 * and on other copies' bits without harm to the test: an innocent copy's bits are independent of both.
 */
export function voteWeights(
  channel: TieChannel,
  votes: Int8Array,
  { members, lean }: Beside = { members: 1 },
): Uint8Array {
  return Uint8Array.from(votes, (vote, k) => {
    if (vote === 0) return 0
    const others = ((members - 1) / members) * (lean?.[k] ?? 0)
    const chance = (bit: number) => {
      const first = chanceOfFirst(channel, k, bit / members + others)
      return vote > 0 ? first : 1 - first
    }
    const nats = Math.log(chance(vote) / chance(-vote))
    return Math.max(0, Math.min(mostSteps, Math.round(stepsPerNat * members * nats)))
  })
}

/** How far a vote is trusted in a bet on its bit, 0 to 1: tanh(½ log-likelihood ratio), what Kelly would stake. */
export function voteReliability(channel: TieChannel, key: number, vote: number): number {
  if (vote === 0) return 0
  const first = [-1, 1].map((bit) => chanceOfFirst(channel, key, bit))
  const [against, along] = vote > 0 ? first : [1 - first[1], 1 - first[0]]
  return (along - against) / (along + against)
}
