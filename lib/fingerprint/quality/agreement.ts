/** Keys at which the answer that the bit selects has the larger logit; differences [N] as in `differencesOf`. */
export function agreeing(differences: Float64Array, bits: Int8Array): number {
  return differences.reduce((sum, difference, k) => sum + (difference * bits[k] > 0 ? 1 : 0), 0)
}

/** Their share. */
export function agreementOf(differences: Float64Array, bits: Int8Array): number {
  return agreeing(differences, bits) / bits.length
}
