/**
 * The exact tail of S = Σ ± w over independent fair signs, for whole weights w ≥ 0: P(S ≥ s). Computed by convolution,
 * one weight at a time, lightest first: O(n · Σ w). Probabilities under 1e-300 are lost, so the tail is exact down to there.
 */
export function signedSumTail(weights: ArrayLike<number>): (sum: number) => number {
  const ascending = Float64Array.from(weights).sort()
  const total = ascending.reduce((sum, w) => sum + w, 0)
  // chance[t] = P(T = t), T = the weights with a plus sign; S = 2 T − total. It is symmetric, so half of it is computed.
  const chance = new Float64Array(total + 1)
  chance[0] = 1
  let reached = 0
  for (const w of ascending) {
    const middle = reached >> 1
    for (let t = (reached + w) >> 1; t > middle; t--)
      chance[t] =
        ((t > reached ? 0 : chance[reached - t]) + (t < w ? 0 : chance[t - w > middle ? reached - t + w : t - w])) / 2
    for (let t = middle; t >= w; t--) chance[t] = (chance[t] + chance[t - w]) / 2
    for (let t = Math.min(w - 1, middle); t >= 0; t--) chance[t] /= 2
    reached += w
  }
  for (let t = total; t > total >> 1; t--) chance[t] = chance[total - t]
  for (let t = total - 1; t >= 0; t--) chance[t] += chance[t + 1]
  return (sum) => {
    const least = Math.ceil((sum + total) / 2)
    if (least <= 0) return 1
    return least > total ? 0 : Math.min(1, chance[least])
  }
}
