import { utf8ToBytes } from '@noble/hashes/utils.js'
import { derivedUniforms } from './random'

/**
 * Tardos' code (2003) with a cutoff: per key a bias p, drawn from the arcsine law on [cutoff, 1 − cutoff], is the chance
 * that a copy's symbol there is 1. Biases depend on the model secret only.
 *
 * The cutoff trades coalitions for length. At 0.2 a single leak of 112 secret keys is named with a bound near 1e-30;
 * a smaller cutoff resists larger coalitions and needs a pool of thousands of keys.
 */
export function codeBiases(secret: Uint8Array, keys: number, cutoff: number): Float64Array {
  const from = Math.asin(Math.sqrt(cutoff))
  return derivedUniforms(secret, 'biases', [], keys).map((u) => Math.sin(from + u * (Math.PI / 2 - 2 * from)) ** 2)
}

/** A copy's symbol per key, from the minter's secret and the buyer's seed: neither chooses it alone. */
export function codewordOf(
  secret: Uint8Array,
  biases: Float64Array,
  copyId: string,
  buyerSeed: Uint8Array,
): Uint8Array {
  const draws = derivedUniforms(secret, 'codeword', [utf8ToBytes(copyId), buyerSeed], biases.length)
  return Uint8Array.from(draws, (u, i) => (u < biases[i] ? 1 : 0))
}
