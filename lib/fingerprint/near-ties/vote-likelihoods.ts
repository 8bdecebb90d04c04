import { byMajority, byMinority, cachedLikelihoods, type Likelihoods } from './likelihoods'
import { chanceOfFirst, type TieChannel } from './tie-channel'

/** P(the first answer wins at key k) where `along` of a coalition's `members` copies lean to it. */
type ChanceOfFirst = (channel: TieChannel, k: number, members: number, along: number) => number

/** Weights averaged, and then perhaps attacked: with `times` as much noise. */
const averaged =
  (times: number): ChanceOfFirst =>
  ({ differences, shifts, noise }, k, members, along) =>
    chanceOfFirst({ differences, shifts, noise: times * noise }, k, (2 * along) / members - 1)

const oneAtRandom: ChanceOfFirst = (channel, k, members, along) =>
  (along * chanceOfFirst(channel, k, 1) + (members - along) * chanceOfFirst(channel, k, -1)) / members

/** A strategy that lets each copy answer, and answers by how many chose the first. */
const bySums =
  (first: (count: number, members: number) => number): ChanceOfFirst =>
  (channel, k, members, along) => {
    const [yes, no] = [chanceOfFirst(channel, k, 1), chanceOfFirst(channel, k, -1)]
    const chances = new Float64Array(members + 1)
    chances[0] = 1
    for (let i = 0; i < members; i++) {
      const p = i < along ? yes : no
      for (let n = i + 1; n > 0; n--) chances[n] = chances[n] * (1 - p) + chances[n - 1] * p
      chances[0] *= 1 - p
    }
    return chances.reduce((sum, chance, count) => sum + chance * first(count, members), 0)
  }

/** Strategies of colluders. The likeliest one decides, so a missing one costs evidence and no certainty. */
const strategies = {
  ...{ averaged: averaged(1), attacked: averaged(2), 'attacked hard': averaged(4) },
  ...{ oneAtRandom, majority: bySums(byMajority), minority: bySums(byMinority) },
} satisfies Record<string, ChanceOfFirst>
type StrategyName = keyof typeof strategies

const alone = [
  ['averaged', 1],
  ['averaged', 3],
  ['attacked hard', 1],
  ['oneAtRandom', 5],
  ['minority', 5],
] as const satisfies [StrategyName, number][]

/** Part of the votes that follow no model. */
const blur = 0.04

/** Likelihoods of votes, [N]: 1 for the first answer, −1 for the second, 0 for neither. */
export function voteLikelihoods(channel: TieChannel, votes: Int8Array): Likelihoods {
  return cachedLikelihoods(
    { strategies: Object.keys(strategies), alone },
    votes.length,
    (k) => votes[k] !== 0,
    (strategy, k, members, along) => {
      const first = strategies[strategy as StrategyName](channel, k, members, along)
      return Math.log((1 - blur) * (votes[k] > 0 ? first : 1 - first) + blur / 2)
    },
  )
}
