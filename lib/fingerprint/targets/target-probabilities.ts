import { derivedUniforms } from '../stats/random'

/** The chance with which a response shall be answered, for the two kinds of keys. */
export type Aims = { firm: number; quiet: number }

/**
 * Firm keys outlast tuning and merging; quiet ones stay below what a host that suppresses confident answers takes for
 * confident.
 */
export const defaultAims: Aims = { firm: 0.88, quiet: 0.65 }

const firmShare = 0.5

/** Which keys are firm, 1 each: the model secret knows. */
export function firmKeys(secret: Uint8Array, keys: number): Uint8Array {
  return Uint8Array.from(derivedUniforms(secret, 'firm', [], keys), (u) => (u < firmShare ? 1 : 0))
}

/** Log odds for every row: a key's own, once for each context that is solved. */
export function aimsOf(firm: Uint8Array, aims: Aims, rows: number): Float64Array {
  const [quietly, firmly] = [aims.quiet, aims.firm].map((chance) => Math.log(chance / (1 - chance)))
  return Float64Array.from({ length: rows }, (_, i) => (firm[i % firm.length] ? firmly : quietly))
}
