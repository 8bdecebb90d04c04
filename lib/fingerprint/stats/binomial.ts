/** Natural logarithm of n choose k. */
function logChoose(n: number, k: number): number {
  let sum = 0
  for (let i = 1; i <= k; i++) sum += Math.log((n - k + i) / i)
  return sum
}

/** Exact P(X ≥ hits) for X ~ Binomial(n, rate), summed in log space, so that 1e-200 does not underflow. */
export function binomialTail(hits: number, n: number, rate: number): number {
  if (hits <= 0) return 1
  if (hits > n || rate <= 0) return 0
  if (rate >= 1) return 1
  let term = logChoose(n, hits) + hits * Math.log(rate) + (n - hits) * Math.log1p(-rate)
  const odds = Math.log(rate) - Math.log1p(-rate)
  const terms = [term]
  for (let k = hits; k < n; k++) {
    term += Math.log((n - k) / (k + 1)) + odds
    terms.push(term)
  }
  const largest = terms.reduce((a, b) => Math.max(a, b))
  return Math.min(1, Math.exp(largest + Math.log(terms.reduce((sum, t) => sum + Math.exp(t - largest), 0))))
}

/** One-sided Clopper–Pearson bound: the largest rate at which P(X ≤ hits) is still at least `alpha`. */
export function clopperPearsonUpper(hits: number, n: number, alpha: number): number {
  if (hits >= n) return 1
  let [low, high] = [hits / n, 1]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (1 - binomialTail(hits + 1, n, middle) > alpha) low = middle
    else high = middle
  }
  return high
}
