const steps = 200
/** Grid of λ: from where the bound is that of a normal sum far out, to where one term decides. */
const range = { least: 1e-3, most: 100 }

/**
 * An upper bound on P(Σ ± gᵢ ≥ s) over independent fair signs, as its −log in nats: max over λ of λ s − Σ log cosh(λ gᵢ)
 * (Chernoff). Each λ gives a bound, and their best is a monotone function of s, so it is a valid p-value. Never weaker
 * than Hoeffding's s² / 2 Σ gᵢ² by more than the grid. Negative sums give 0.
 */
export function chernoffNats(g: ArrayLike<number>): (sum: number) => number {
  let squares = 0
  for (let i = 0; i < g.length; i++) squares += g[i] * g[i]
  if (squares === 0) return () => 0
  const scale = Math.sqrt(squares)
  const grid = Float64Array.from(
    { length: steps },
    (_, i) => (range.least * (range.most / range.least) ** (i / (steps - 1))) / scale,
  )
  const cumulants = grid.map((lambda) => {
    let sum = 0
    for (let i = 0; i < g.length; i++) sum += logCosh(lambda * g[i])
    return sum
  })
  return (sum) => {
    if (sum <= 0) return 0
    let best = 0
    for (let i = 0; i < steps; i++) best = Math.max(best, grid[i] * sum - cumulants[i])
    return best
  }
}

function logCosh(x: number): number {
  const size = Math.abs(x)
  return size + Math.log1p(Math.exp(-2 * size)) - Math.LN2
}
