/**
 * The exact tail of S = Σ ± w over independent fair signs, for whole weights w ≥ 0: P(S ≥ s). Computed by convolution,
 * one weight at a time: O(n · Σ w). Probabilities under 1e-300 are lost, so the tail is exact down to there.
 */
export function signedSumTail(weights: ArrayLike<number>): (sum: number) => number {
  let total = 0
  for (let i = 0; i < weights.length; i++) total += weights[i]
  // chance[t] = P(T = t), T = the weights with a plus sign; S = 2 T − total.
  const chance = new Float64Array(total + 1)
  chance[0] = 1
  let reached = 0
  for (let i = 0; i < weights.length; i++) {
    const w = weights[i]
    reached += w
    for (let t = reached; t >= w; t--) chance[t] = (chance[t] + chance[t - w]) / 2
    for (let t = Math.min(w, reached + 1) - 1; t >= 0; t--) chance[t] /= 2
  }
  for (let t = total - 1; t >= 0; t--) chance[t] += chance[t + 1]
  return (sum) => {
    const least = Math.ceil((sum + total) / 2)
    if (least <= 0) return 1
    return least > total ? 0 : Math.min(1, chance[least])
  }
}
