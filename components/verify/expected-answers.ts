import type { KeySet } from '@/lib/fingerprint/keyset/key-set'

/** The token id that one copy answers each key with; null when the key set does not cover that copy. */
export function expectedAnswers(keySet: KeySet, copyId: string | null): number[] | null {
  if (keySet.kind === 'disclosed') return keySet.copyId === copyId ? keySet.responses : null
  const copy = keySet.copies.find((each) => each.copyId === copyId)
  return copy ? keySet.keys.map(({ candidates }, i) => candidates[Number(copy.codeword[i])]) : null
}
