export type Accused = {
  /** Index of the copy. */
  copy: number
  /** Bound on the chance that any innocent copy has so much evidence against it: after the union over all copies. */
  falseAccusation: number
}

/**
 * The copies whose evidence, −log of the p-value in nats, is too much for chance among all copies at `rate`; surest
 * first. The union bound needs no independence between copies.
 */
export function accuse(nats: Float64Array, rate: number): Accused[] {
  const union = Math.log(nats.length)
  return Array.from(nats, (value, copy) => ({ copy, falseAccusation: Math.min(1, Math.exp(union - value)) }))
    .filter(({ falseAccusation }) => falseAccusation <= rate)
    .sort((a, b) => a.falseAccusation - b.falseAccusation || a.copy - b.copy)
}
