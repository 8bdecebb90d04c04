import { KinmarkError } from '../../error'
import { type NearTieKeys, takeKeys } from './near-tie-keys'

/**
 * The `count` keys whose two answers lie closest together both in the base and in the attacked base: a bit then decides
 * them before the attack and after it. Differences [N] in nats; the first answer of a pair wins in the base.
 */
export function steadyTies(
  ties: NearTieKeys,
  differences: Float64Array,
  attackedDifferences: Float64Array,
  count: number,
): NearTieKeys {
  if (differences.length < count)
    throw new KinmarkError('fingerprint.ties-too-few', { keys: count, ties: differences.length })
  const distance = differences.map((difference, i) => Math.hypot(difference, attackedDifferences[i]))
  return takeKeys({ ...ties, gaps: differences }, least(distance, count))
}

/** Indexes of the `count` smallest values, ascending. */
export function least(values: Float64Array, count: number): number[] {
  return Array.from(values, (_, i) => i)
    .sort((a, b) => values[a] - values[b] || a - b)
    .slice(0, count)
    .sort((a, b) => a - b)
}
