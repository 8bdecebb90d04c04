import { utf8ToBytes } from '@noble/hashes/utils.js'
import { candidatesPerKey } from '../keys/candidates'
import { derivedUniforms } from '../stats/random'

/** Probability of each symbol in an innocent copy’s codeword: chances [N, symbols]; rows add up to 1. */
export type Code = { chances: Float64Array; symbols: number }

/**
 * A Tardos code over q symbols. Each key’s bias is drawn from Dirichlet(½, …, ½) (Škorić, Katzenbeisser and Celik 2008;
 * for two symbols, Tardos’ arcsine distribution) and shrunk so that no symbol is rarer than `cutoff`. The biases depend
 * on the model secret only.
 *
 * The code is short, so the cutoff is high and there are four symbols: two copies then differ at up to three keys of
 * four. bench/trace.ts measures how often copies and coalitions are named with 112 and 224 secret keys.
 */
export function codeBiases(secret: Uint8Array, keys: number, cutoff: number, symbols = candidatesPerKey): Code {
  const uniforms = derivedUniforms(secret, 'biases', [], 2 * keys * symbols)
  const chances = Float64Array.from({ length: keys * symbols }, (_, i) => squaredGaussian(uniforms, i))
  for (let key = 0; key < keys; key++) {
    const row = chances.subarray(key * symbols, (key + 1) * symbols)
    const sum = row.reduce((a, b) => a + b, 0)
    for (let s = 0; s < symbols; s++) row[s] = cutoff + (1 - symbols * cutoff) * (row[s] / sum)
  }
  return { chances, symbols }
}

/** A copy’s symbol per key, [N], derived from the model secret and the buyer’s seed: neither party chooses it alone. */
export function codewordOf(
  secret: Uint8Array,
  { chances, symbols }: Code,
  copyId: string,
  buyerSeed: Uint8Array,
): Uint8Array {
  const draws = derivedUniforms(secret, 'codeword', [utf8ToBytes(copyId), buyerSeed], chances.length / symbols)
  return Uint8Array.from(draws, (u, key) => {
    let [symbol, left] = [0, u - chances[key * symbols]]
    while (left >= 0 && symbol < symbols - 1) left -= chances[key * symbols + ++symbol]
    return symbol
  })
}

/** Squared normal draw (Box and Muller): proportional to a Gamma(½) draw, and normalised Gamma draws are Dirichlet. */
function squaredGaussian(uniforms: Float64Array, i: number): number {
  return -2 * Math.log(1 - uniforms[2 * i]) * Math.cos(2 * Math.PI * uniforms[2 * i + 1]) ** 2
}
