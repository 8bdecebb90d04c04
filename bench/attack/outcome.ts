import type { OwnerKeySet } from '../../lib/fingerprint/keyset/owner-key-set'
import type { Random } from '../../lib/fingerprint/stats/random'
import { judge } from '../../lib/fingerprint/verify'
import type { Runtime, TokenBatch } from '../../lib/inference/runtime'
import type { Host } from './answering'

/** Copies before the attack: which tokens each key may be answered with, and how sure one copy is of it (NaN of several). */
export type Before = { copyIds: string[]; responses: ReadonlySet<number>[]; chances: Float64Array }

export type Outcome = {
  /** Shares of the secret keys still answered as the copy must, of all, of the low and of the high confidence ones. */
  kept: number
  low: number
  high: number
  ours: boolean
  /** A copy that had a part in it is named, or how many that had none. */
  named: boolean
  innocents: number
}

/** Keys that a copy answers with no more confidence than this count as low confidence. */
export const lowUpTo = 0.8

export async function outcomeOf(
  suspect: Runtime,
  host: Host,
  { keySet, keys, before, random }: { keySet: OwnerKeySet; keys: TokenBatch; before: Before; random: Random },
): Promise<Outcome> {
  return outcomeOfAnswers(await host(suspect, keys, random), keySet, before)
}

export function outcomeOfAnswers(answers: ArrayLike<number>, keySet: OwnerKeySet, before: Before): Outcome {
  const secret = keySet.keys.flatMap(({ disclosed }, i) => (disclosed ? [] : [i]))
  const share = (keys: number[]) =>
    keys.length === 0 ? Number.NaN : keys.filter((i) => before.responses[i].has(answers[i])).length / keys.length
  const { ours, accused } = judge(keySet, answers)
  const guilty = accused.filter(({ copyId }) => before.copyIds.includes(copyId))
  return {
    kept: share(secret),
    low: share(secret.filter((i) => before.chances[i] <= lowUpTo)),
    high: share(secret.filter((i) => before.chances[i] > lowUpTo)),
    ours,
    named: guilty.length > 0,
    innocents: accused.length - guilty.length,
  }
}
