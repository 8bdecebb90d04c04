import { KinmarkError } from '../../error'
import { takeBatch } from '../keys/batch'
import type { NearTieKeys } from './near-tie-keys'

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
  const kept = Array.from(distance, (_, i) => i)
    .sort((a, b) => distance[a] - distance[b] || a - b)
    .slice(0, count)
    .sort((a, b) => a - b)
  let first = 0
  const prompts = ties.prompts.flatMap((batch) => {
    const rows = kept.filter((i) => i >= first && i < first + batch.rows).map((i) => i - first)
    first += batch.rows
    return rows.length === 0 ? [] : [takeBatch(batch, rows)]
  })
  return {
    prompts,
    pairs: Uint32Array.from(kept.flatMap((i) => [ties.pairs[2 * i], ties.pairs[2 * i + 1]])),
    gaps: Float64Array.from(kept, (i) => differences[i]),
  }
}
