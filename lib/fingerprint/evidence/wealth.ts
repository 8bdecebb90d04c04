import type { BitTable } from './copy-scores'

/** Parts of the most reliable bet that are risked. How much of a suspect's agreement is left is not known, so the wealth is split. */
const stakes = [0.05, 0.15, 0.4, 0.9] as const

/**
 * Evidence against every copy while answers come in, as bets on agreement: a fair bet on a fair bit that no earlier
 * answer used multiplies the wealth by 1 + stake · expected bit · bit. For a model that does not depend on a copy's
 * bits that wealth is a martingale, so by Ville's inequality P(it ever reaches x) ≤ 1 / x: one may look at every answer
 * and stop at any time. Each key is answered once. Of several bettors, of whom any may know best how the model
 * answers, each has a part of the wealth: a mean of martingales is a martingale.
 */
export type Wealth = {
  table: BitTable
  /** log of what each copy's bets make of one unit, by bettor and stake, [copies, bettors · stakes]. */
  logs: Float64Array
  bettors: number
  asked: number
}

export function startWealth(table: BitTable, bettors = 1): Wealth {
  return { table, logs: new Float64Array(table.copies * bettors * stakes.length), bettors, asked: 0 }
}

/** Bets on one more key: each bettor by the bit that it expects, E[bit], −1 to 1, [bettors]. The answers alone may decide that. */
export function bet(wealth: Wealth, key: number, expectedBits: readonly number[]): void {
  wealth.asked++
  const { table, logs, bettors } = wealth
  const bets = bettors * stakes.length
  const { bits, copies, keys } = table
  for (const [b, x] of expectedBits.flatMap((expected) => stakes.map((stake) => stake * expected)).entries()) {
    if (x === 0) continue
    const [first, second] = [Math.log1p(x), Math.log1p(-x)]
    for (let copy = 0; copy < copies; copy++) logs[copy * bets + b] += bits[copy * keys + key] > 0 ? first : second
  }
}

/** log of one copy's wealth, all bets together, nats: −log of a p-value that holds at any time. */
export function logWealth({ logs, bettors }: Wealth, copy: number): number {
  const bets = bettors * stakes.length
  const own = logs.subarray(copy * bets, (copy + 1) * bets)
  const most = own.reduce((a, b) => Math.max(a, b))
  return most + Math.log(own.reduce((sum, x) => sum + Math.exp(x - most), 0) / bets)
}

/**
 * The highest log of any copy's wealth at one stake of any bettor, nats. That wealth is the likelihood ratio of a copy
 * whose bits are expected as surely as that part of the bettor's expectation against a model without its bits, so such a copy has a chance
 * of at most e^x of ever falling to x nats (Ville).
 */
export function mostAtStake({ logs }: Wealth, stake: (typeof stakes)[number]): number {
  const s = stakes.indexOf(stake)
  return logs.reduce((most, x, at) => (at % stakes.length === s ? Math.max(most, x) : most), Number.NEGATIVE_INFINITY)
}

/** The copy with the most evidence against it. */
export function leading(wealth: Wealth): { copy: number; nats: number } {
  let best = { copy: -1, nats: Number.NEGATIVE_INFINITY }
  for (let copy = 0; copy < wealth.table.copies; copy++) {
    const nats = logWealth(wealth, copy)
    if (nats > best.nats) best = { copy, nats }
  }
  return best
}

/** How many more keys the leading copy takes to `goal` nats at the pace so far; null while nothing points to it. */
export function keysNeeded(wealth: Wealth, goal: number): number | null {
  const { nats } = leading(wealth)
  if (nats >= goal) return 0
  return nats > 1 ? Math.ceil(((goal - nats) * wealth.asked) / nats) : null
}
