/** Fractions that are bet on agreement; a suspect's own is not known, so the wealth is split between them. */
const stakes = [0.05, 0.1, 0.2, 0.4, 0.8]

/** What is said of one copy after some answers. `logWealth`: natural log of the e-value; at most 1 in e^x innocents reach x, ever. */
export type Wealth = { logByStake: Float64Array }

export function startWealth(): Wealth {
  return { logByStake: new Float64Array(stakes.length) }
}

/**
 * One more answered key: `agreement` is vote · bit (−1, 0 or +1), `reliability` in [0, 1] how far this key is trusted,
 * fixed before it was asked. Each stake s multiplies its part by 1 + s · reliability · agreement: a fair bet on a fair
 * bit that no earlier answer used, so the wealth is a martingale for every model that does not depend on the bits.
 */
export function bet(wealth: Wealth, agreement: number, reliability: number): void {
  if (agreement === 0) return
  for (const [i, stake] of stakes.entries()) wealth.logByStake[i] += Math.log1p(stake * reliability * agreement)
}

/** log of the mean wealth over the stakes, nats. By Ville's inequality P(ever ≥ x) ≤ e^−x for an innocent copy. */
export function logWealth({ logByStake }: Wealth): number {
  const most = logByStake.reduce((a, b) => Math.max(a, b))
  return most + Math.log(logByStake.reduce((sum, x) => sum + Math.exp(x - most), 0) / stakes.length)
}

/**
 * How many more keys it takes to reach `goal` nats, when they go on to agree as often as the `agreed` of `answered` so
 * far; null while nothing points that way.
 */
export function keysNeeded(wealth: Wealth, agreed: number, answered: number, goal: number): number | null {
  const missing = goal - logWealth(wealth)
  if (missing <= 0) return 0
  const share = (agreed + 0.5) / (answered + 1)
  const growth = Math.max(...stakes.map((s) => share * Math.log1p(s) + (1 - share) * Math.log1p(-s)))
  return growth > 1e-4 ? Math.ceil(missing / growth) : null
}
