import { derivedUniforms } from '../stats/random'

/** Target probability of a key’s response in a copy, for high and low confidence keys. */
export type TargetProbabilities = { high: number; low: number }

/**
 * High confidence keys survive tuning and merging. Low confidence keys stay below the threshold of a host that
 * suppresses confident answers.
 */
export const defaultTargetProbabilities: TargetProbabilities = { high: 0.88, low: 0.65 }

const highShare = 0.5

/** 1 for each high confidence key, 0 for each low confidence key; derived from the model secret. */
export function highConfidenceKeys(secret: Uint8Array, keys: number): Uint8Array {
  return Uint8Array.from(derivedUniforms(secret, 'high confidence', [], keys), (u) => (u < highShare ? 1 : 0))
}

/** Target log odds per row, [R]: those of the row’s key. */
export function targetLogOdds(isHigh: Uint8Array, targets: TargetProbabilities, rows: number): Float64Array {
  const [low, high] = [targets.low, targets.high].map((chance) => Math.log(chance / (1 - chance)))
  return Float64Array.from({ length: rows }, (_, i) => (isHigh[i % isHigh.length] ? high : low))
}
