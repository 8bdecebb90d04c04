import { utf8ToBytes } from '@noble/hashes/utils.js'
import { candidatesPerKey } from '../keys/candidates'
import { derivedUniforms } from '../stats/random'

/** Per key, how likely an innocent copy has each symbol: chances [N, symbols], rows that add up to 1. */
export type Code = { chances: Float64Array; symbols: number }

/**
 * A Tardos code over q symbols: per key a bias, drawn from Dirichlet(½, …, ½) (Škorić, Katzenbeisser and Celik 2008; for
 * two symbols Tardos' arcsine law) and shrunk so that no symbol is rarer than `cutoff`. Biases depend on the model
 * secret only.
 *
 * Pools are short, so the cutoff is high and the symbols are four: two copies that disagree then do so at three keys of
 * four, which is what names them. bench/trace.ts measures what 112 and 224 secret keys name.
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

/** A copy's symbol per key, from the minter's secret and the buyer's seed: neither chooses it alone. */
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

/** Box and Muller; a square of a gaussian is what Dirichlet(½, …) is made of. */
function squaredGaussian(uniforms: Float64Array, i: number): number {
  return -2 * Math.log(1 - uniforms[2 * i]) * Math.cos(2 * Math.PI * uniforms[2 * i + 1]) ** 2
}
