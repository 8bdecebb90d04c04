import type { KeySet } from '@/lib/fingerprint/keyset/key-set'

/** The token that each key of the kit must be answered with by one copy; null when the kit does not know that copy. */
export function expectedAnswers(keySet: KeySet, copyId: string | null): number[] | null {
  if (keySet.kind === 'disclosed') return keySet.copyId === copyId ? keySet.responses : null
  const copy = keySet.copies.find((each) => each.copyId === copyId)
  return copy ? keySet.keys.map(({ candidates }, i) => candidates[Number(copy.codeword[i])]) : null
}
