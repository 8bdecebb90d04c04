import { cholesky, solveCholesky } from '../linear/cholesky'
import { square, withRidge } from '../linear/square'
import type { TieChannel } from './tie-channel'

/** How strongly a lead is believed to be the base's own, against what the leads themselves say. */
const ridge = 1
const rounds = 6
/** More nats than a lead ever has: whoever shows such log probabilities makes them up. */
const mostLead = 100
/** From how many standard deviations on a lead counts less and less. */
const outlying = 1.5

/**
 * By how much each lead [N] differs from what a model without bits would show, nats: what is left of a regression, robust
 * against outliers, on the leads of the unmarked base (`gaps`) and of the base after each channel's attack. An attack is
 * seldom one that was simulated, and a mixture of all comes near it. NaN where no lead was shown. The bits have no part in
 * it, so they are as fair as before to whoever knows the surprises.
 */
export function leadSurprises(
  channels: readonly TieChannel[],
  gaps: Float64Array,
  shown: ArrayLike<number>,
): Float64Array {
  const leads = Float64Array.from(shown, (lead) => Math.max(-mostLead, Math.min(mostLead, lead)))
  const surprises = leads.map((lead, k) => lead - gaps[k])
  for (let round = 0; round < rounds; round++) {
    const scatter = scatterOf(surprises)
    const expected = leadRegression(channels, gaps)
    for (const [k, surprise] of surprises.entries())
      if (!Number.isNaN(surprise)) expected.add(k, leads[k], 1 / (1 + (surprise / (outlying * scatter)) ** 2))
    const expectedAt = expected.solved()
    for (const [k, surprise] of surprises.entries())
      if (!Number.isNaN(surprise)) surprises[k] = leads[k] - expectedAt(k)
  }
  return surprises
}

/** What leads to expect at keys that show none yet, from those that do. */
export function leadRegression(channels: readonly TieChannel[], gaps: Float64Array) {
  const given = (k: number) => [1, gaps[k], ...channels.map(({ differences }) => differences[k])]
  const size = 2 + channels.length
  const squares = square(size)
  const products = new Float32Array(size)
  return {
    add(k: number, lead: number, weight = 1): void {
      const row = given(k)
      for (const [i, x] of row.entries()) {
        products[i] += weight * x * (lead - gaps[k])
        for (const [j, y] of row.entries()) squares.data[i * size + j] += weight * x * y
      }
    },
    solved(): (k: number) => number {
      const rows = { data: products, rows: 1, cols: size }
      const factors = solveCholesky(cholesky(withRidge(squares, 1, ridge)), rows).data
      return (k) => given(k).reduce((sum, x, i) => sum + x * factors[i], gaps[k])
    },
  }
}

/** How far surprises scatter, nats: 1.48 times the median of their sizes, the standard deviation of normal ones, which a few cannot move. */
export function scatterOf(surprises: Float64Array): number {
  const sizes = surprises
    .filter((surprise) => !Number.isNaN(surprise))
    .map(Math.abs)
    .sort()
  return 1.4826 * sizes[sizes.length >> 1] || 1
}

/** The logistic distribution's density, by its standard deviation: its tails forgive more than the normal one's. */
export function leadDensity(x: number, deviation: number): number {
  const scale = (deviation * Math.sqrt(3)) / Math.PI
  const tail = Math.exp(-Math.abs(x) / scale)
  return tail / (scale * (1 + tail) ** 2)
}
