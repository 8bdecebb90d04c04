import type { BitTable } from './copy-scores'

/** Parts of the most reliable bet that are risked. How much of a suspect's agreement is left is not known, so the wealth is split. */
const stakes = [0.05, 0.15, 0.4, 0.9] as const

/**
 * Evidence against every copy while answers come in, as bets on agreement: a fair bet on a fair bit that no earlier
 * answer used multiplies the wealth by 1 + stake · reliability · vote · bit. For a model that does not depend on a copy's
 * bits that wealth is a martingale, so by Ville's inequality P(it ever reaches x) ≤ 1 / x: one may look at every answer
 * and stop at any time. Each key is answered once.
 */
export type Wealth = {
  table: BitTable
  /** log of each copy's wealth at each stake, [copies · stakes]. */
  logs: Float64Array
  asked: number
}

export function startWealth(table: BitTable): Wealth {
  return { table, logs: new Float64Array(table.copies * stakes.length), asked: 0 }
}

/** One more key: `vote` −1, 0 or 1, and how far it is trusted, 0 to 1, known before any bit is looked at. */
export function bet(wealth: Wealth, key: number, vote: number, reliability: number): void {
  wealth.asked++
  if (vote === 0) return
  const { bits, copies, keys } = wealth.table
  for (const [s, stake] of stakes.entries()) {
    const [won, lost] = [Math.log1p(stake * reliability), Math.log1p(-stake * reliability)]
    for (let copy = 0; copy < copies; copy++)
      wealth.logs[copy * stakes.length + s] += bits[copy * keys + key] === vote ? won : lost
  }
}

/** log of one copy's wealth, all stakes together, nats: −log of a p-value that holds at any time. */
export function logWealth({ logs }: Wealth, copy: number): number {
  const own = logs.subarray(copy * stakes.length, (copy + 1) * stakes.length)
  const most = own.reduce((a, b) => Math.max(a, b))
  return most + Math.log(own.reduce((sum, x) => sum + Math.exp(x - most), 0) / stakes.length)
}

/**
 * The highest log of any copy's wealth at one stake, nats. That wealth is the likelihood ratio of a copy whose votes are
 * reliable by that part against a model without its bits, so a copy of at least that reliability has a chance of at most
 * e^x of ever falling to x nats (Ville).
 */
export function mostAtStake({ table, logs }: Wealth, stake: (typeof stakes)[number]): number {
  const s = stakes.indexOf(stake)
  let most = Number.NEGATIVE_INFINITY
  for (let copy = 0; copy < table.copies; copy++) most = Math.max(most, logs[copy * stakes.length + s])
  return most
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
