/** Which candidate a suspect answered per key; −1 is an erasure: neither, or a key that does not count. */
export type Answered = Int8Array

/** What a position adds to a copy whose symbol equals the answer, and takes from one whose symbol does not. */
function weights(answer: number, bias: number): { chance: number; gain: number; loss: number } {
  const chance = answer === 1 ? bias : 1 - bias
  return { chance, gain: Math.sqrt((1 - chance) / chance), loss: Math.sqrt(chance / (1 - chance)) }
}

/** Symmetric Tardos score (Škorić et al. 2008): mean 0 and variance 1 a position for a copy that had no part in it. */
export function tardosScore(answered: Answered, codeword: Uint8Array, biases: Float64Array): number {
  let score = 0
  for (let i = 0; i < answered.length; i++) {
    if (answered[i] < 0) continue
    const { gain, loss } = weights(answered[i], biases[i])
    score += codeword[i] === answered[i] ? gain : -loss
  }
  return score
}

/**
 * Chernoff's bound on the chance that an innocent copy scores this much: min over λ of e^(−λ score) ∏ E[e^(λ gain)],
 * with the exact moment generating function of every position given the answer. An innocent codeword is independent of
 * the answers, so nothing is approximated.
 */
export function falseAccusationBound(score: number, answered: Answered, biases: Float64Array): number {
  if (score <= 0) return 1
  const positions = [...answered].flatMap((answer, i) => (answer < 0 ? [] : [weights(answer, biases[i])]))
  const exponent = (lambda: number) =>
    positions.reduce(
      (sum, { chance, gain, loss }) =>
        sum + Math.log(chance * Math.exp(lambda * (gain + loss)) + 1 - chance) - lambda * loss,
      -lambda * score,
    )
  let [low, high] = [0, 32]
  for (let i = 0; i < 45; i++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3]
    if (exponent(a) < exponent(b)) high = b
    else low = a
  }
  return Math.min(1, Math.exp(exponent((low + high) / 2)))
}
