/** A payment counts half as much after two days, and a tenth after a week. */
const halfLifeSeconds = 2 * 86_400

/**
 * A model's trend after a payment of `amount` at `at` (Unix seconds): the logarithm of the sum of its payments, each
 * weighted by 2^(at / half-life). All trends fade alike, so models stay in this order while time passes, and an index can
 * hold it. `trend` is null before the first payment.
 */
export function trendAfter(trend: number | null, amount: bigint, at: number): number {
  if (amount <= 0n) return trend ?? 0
  const added = Math.log(Number(amount)) + (at / halfLifeSeconds) * Math.LN2
  if (trend === null) return added
  const larger = Math.max(trend, added)
  return larger + Math.log1p(Math.exp(-Math.abs(trend - added)))
}
