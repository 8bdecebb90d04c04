import { utf8ToBytes } from '@noble/hashes/utils.js'
import { derivedUniforms } from './random'

/**
 * Tardos' code (2003) with a cutoff: per key a bias p, drawn from the arcsine law on [cutoff, 1 − cutoff], is the chance
 * that a copy's symbol there is 1. Biases depend on the model secret only.
 *
 * The cutoff trades coalitions for length, and 0.2 is for short pools: of 128 keys 112 are secret, and a single leak is
 * named with a bound near 1e-30, a third of its answers erased with one near 1e-18. Two copies averaged need about 256
 * keys to be named at 1e-9 (bench/fingerprint.ts measures it); a smaller cutoff pays off for larger coalitions, and
 * needs thousands of keys.
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
