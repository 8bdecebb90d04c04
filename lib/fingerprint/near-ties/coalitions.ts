import { type BitTable, scoreOf } from '../evidence/copy-scores'
import { chanceOfFirst, type TieChannel } from './tie-channel'

/** P(the first answer wins at key k) where `along` of a coalition's `members` copies lean to it. */
type Strategy = (channel: TieChannel, k: number, members: number, along: number) => number

/** Weights averaged, and then perhaps attacked: with `times` as much noise. */
const averaged =
  (times: number): Strategy =>
  ({ differences, shifts, noise }, k, members, along) =>
    chanceOfFirst({ differences, shifts, noise: times * noise }, k, (2 * along) / members - 1)

const oneAtRandom: Strategy = (channel, k, members, along) =>
  (along * chanceOfFirst(channel, k, 1) + (members - along) * chanceOfFirst(channel, k, -1)) / members

/** Each copy answers; what is said follows from how many chose the first. */
const bySums =
  (first: (count: number, members: number) => number): Strategy =>
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

const most = (count: number, members: number) => (1 + Math.sign(2 * count - members)) / 2
const majority = bySums(most)
const minority = bySums((count, members) =>
  count === 0 || count === members ? most(count, members) : 1 - most(count, members),
)

/** What colluders may do. The likeliest decides, so one that is missing costs evidence and no certainty. */
const strategies = {
  ...{ averaged: averaged(1), attacked: averaged(2), 'attacked hard': averaged(4) },
  ...{ oneAtRandom, majority, minority },
} satisfies Record<string, Strategy>
type StrategyName = keyof typeof strategies
const names = Object.keys(strategies) as StrategyName[]

/** Part of the votes that follow no model. */
const blur = 0.04

/**
 * log P(vote) at every key, by how many of a coalition's members lean to the first answer: [members + 1, N], 0 where a key
 * was not answered.
 */
export type VoteChances = (strategy: StrategyName, members: number) => readonly Float64Array[]

export function voteChances(channel: TieChannel, votes: Int8Array): VoteChances {
  const made = new Map<string, Float64Array[]>()
  return (strategy, members) => {
    const name = `${strategy} ${members}`
    const found = made.get(name)
    if (found) return found
    const rows = Array.from({ length: members + 1 }, (_, along) =>
      Float64Array.from(votes, (vote, k) => {
        if (vote === 0) return 0
        const first = strategies[strategy](channel, k, members, along)
        return Math.log((1 - blur) * (vote > 0 ? first : 1 - first) + blur / 2)
      }),
    )
    made.set(name, rows)
    return rows
  }
}

/** log P(vote | a copy leans to the first answer) − log P(vote | to the second), [N], where the other members are unknown. */
export function evidenceAlone(chances: VoteChances, strategy: StrategyName, members: number): Float64Array {
  const rows = chances(strategy, members)
  const parts = binomial(members - 1)
  return rows[0].map((_, k) => {
    const [yes, no] = [1, 0].map((own) =>
      parts.reduce((sum, part, others) => sum + part * Math.exp(rows[others + own][k]), 0),
    )
    return Math.log(yes / no)
  })
}

/** A coalition of at most this many, besides the copy that is judged. */
const mostOthers = 7

/**
 * The same where `suspects`, or the first few of them, are the other members. How many, and what they do, is what makes the
 * votes likeliest, whichever way the judged copy leans; each more must explain the votes `penalty` nats better.
 */
export function evidenceBeside(
  chances: VoteChances,
  table: BitTable,
  suspects: readonly number[],
  penalty: number,
): Float64Array {
  const along = new Uint8Array(table.keys)
  let best: { fit: number; evidence: Float64Array } = {
    fit: Number.NEGATIVE_INFINITY,
    evidence: new Float64Array(table.keys),
  }
  for (const [i, suspect] of suspects.entries()) {
    lean(along, table, suspect)
    for (const name of names) {
      const rows = chances(name, i + 2)
      let fit = -penalty * (i + 1)
      for (let k = 0; k < along.length; k++) fit += meanOf(rows[along[k]][k], rows[along[k] + 1][k])
      if (fit <= best.fit) continue
      best = { fit, evidence: differences(rows, along) }
    }
  }
  return best.evidence
}

/** Of these candidates the coalition that makes the votes likeliest, one member after another. */
export function likeliestCoalition(chances: VoteChances, table: BitTable, candidates: readonly number[]): number[] {
  const along = new Uint8Array(table.keys)
  const members: number[] = []
  while (members.length < Math.min(mostOthers, candidates.length)) {
    let best = { fit: Number.NEGATIVE_INFINITY, copy: -1 }
    for (const name of names) {
      const rows = chances(name, members.length + 1)
      const step = differences(rows, along)
      let sum = 0
      for (let k = 0; k < along.length; k++) sum += rows[along[k]][k] + rows[along[k] + 1][k]
      for (const copy of candidates) {
        const fit = members.includes(copy) ? Number.NEGATIVE_INFINITY : (sum + scoreOf(table, copy, step)) / 2
        if (fit > best.fit) best = { fit, copy }
      }
    }
    members.push(best.copy)
    lean(along, table, best.copy)
  }
  return members
}

/** By how much one more member's leaning to the first answer raises log P(vote), [N]. */
function differences(rows: readonly Float64Array[], along: Uint8Array): Float64Array {
  return Float64Array.from(along, (n, k) => rows[n + 1][k] - rows[n][k])
}

/** log of the mean of two chances that are given by their logs. */
function meanOf(a: number, b: number): number {
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b))) - Math.LN2
}

function lean(along: Uint8Array, { bits, keys }: BitTable, copy: number): void {
  for (let k = 0; k < keys; k++) if (bits[copy * keys + k] > 0) along[k]++
}

/** Chances of 0 to n of n fair bits. */
function binomial(n: number): number[] {
  let chances = [1]
  for (let i = 0; i < n; i++)
    chances = Array.from({ length: i + 2 }, (_, at) => ((chances[at] ?? 0) + (chances[at - 1] ?? 0)) / 2)
  return chances
}
