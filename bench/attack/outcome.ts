import type { OwnerKeySet } from '../../lib/fingerprint/keyset/owner-key-set'
import type { Random } from '../../lib/fingerprint/stats/random'
import { judge } from '../../lib/fingerprint/verify'
import type { Runtime, TokenBatch } from '../../lib/inference/runtime'
import type { Host } from './answering'

/** Copies before the attack: per key, the possible responses, and the probability of one copy’s response (NaN for several). */
export type Baseline = { copyIds: string[]; responses: ReadonlySet<number>[]; chances: Float64Array }

export type Outcome = {
  /** Share of the secret keys still answered with the copy’s response: of all, of low confidence and of high confidence keys. */
  kept: number
  low: number
  high: number
  ours: boolean
  /** Whether a copy that took part is named, and how many named copies did not. */
  named: boolean
  innocents: number
}

/** A key whose response has at most this probability in the copy counts as low confidence. */
export const lowUpTo = 0.8

export async function outcomeOf(
  suspect: Runtime,
  host: Host,
  { keySet, keys, baseline, random }: { keySet: OwnerKeySet; keys: TokenBatch; baseline: Baseline; random: Random },
): Promise<Outcome> {
  return outcomeOfAnswers(await host(suspect, keys, random), keySet, baseline)
}

export function outcomeOfAnswers(answers: ArrayLike<number>, keySet: OwnerKeySet, baseline: Baseline): Outcome {
  const secret = keySet.keys.flatMap(({ disclosed }, i) => (disclosed ? [] : [i]))
  const share = (keys: number[]) =>
    keys.length === 0 ? Number.NaN : keys.filter((i) => baseline.responses[i].has(answers[i])).length / keys.length
  const { ours, accused } = judge(keySet, answers)
  const guilty = accused.filter(({ copyId }) => baseline.copyIds.includes(copyId))
  return {
    kept: share(secret),
    low: share(secret.filter((i) => baseline.chances[i] <= lowUpTo)),
    high: share(secret.filter((i) => baseline.chances[i] > lowUpTo)),
    ours,
    named: guilty.length > 0,
    innocents: accused.length - guilty.length,
  }
}
