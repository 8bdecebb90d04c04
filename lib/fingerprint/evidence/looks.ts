/**
 * Cost of a look, nats: the n-th look (from 0) at growing evidence spends 1 / ((n + 1)(n + 2)) of the error rate, and
 * all looks together no more than the whole.
 *
 * Text is evidence about the same bits again and again, so what it adds up to is no martingale once scores are seen: with
 * S = Σ_t b · g_t, exp(λ S − λ² Σ_t |g_t|² / 2) exceeds any bound when all g_t are alike. Each look must therefore be a
 * test of its own, of the sum of all gradients so far, and looks are counted.
 */
export function lookCost(look: number): number {
  return Math.log((look + 1) * (look + 2))
}
