import { KinmarkError } from '../../error'
import { batchesOf, type NearTieKeys, promptsOf } from './near-tie-keys'

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
  const prompts = promptsOf(ties)
  const { texts } = ties
  return {
    prompts: batchesOf(kept.map((i) => prompts[i])),
    pairs: Uint32Array.from(kept.flatMap((i) => [ties.pairs[2 * i], ties.pairs[2 * i + 1]])),
    gaps: Float64Array.from(kept, (i) => differences[i]),
    texts: texts && kept.map((i) => texts[i]),
  }
}
