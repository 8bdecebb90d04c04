import { KinmarkError } from '../error'
import type { DisclosedKeySet } from './keyset/disclosed-key-set'
import { type CopyCheck, checkCopy } from './verify'
import { type AskEndpoint, voteOfAnswer } from './verify-endpoint'

/**
 * Asks a model that only answers text the disclosed keys of a copy, once each. It tells a mistake from the copy, and no
 * liar: who knows the keys can answer them. Throws `fingerprint.keys-not-text`.
 */
export async function checkEndpoint(
  ask: AskEndpoint,
  keySet: DisclosedKeySet,
  { signal }: { signal?: AbortSignal } = {},
): Promise<CopyCheck> {
  const answers: CopyCheck['keys'] = []
  for (const { index, ids, disclosed, text } of keySet.keys) {
    if (!text) throw new KinmarkError('fingerprint.keys-not-text', { keys: keySet.keys.length })
    const vote = voteOfAnswer(text, await ask(text.prompt, signal))
    answers.push({ index, ids, disclosed, answered: -1, vote, logOdds: null })
  }
  return checkCopy(keySet, answers)
}
