import type { VerificationKit } from '@/lib/fingerprint/keyset/key-set'

/** The token that each key of the kit must be answered with by one copy; null when the kit does not know that copy. */
export function expectedOf(kit: VerificationKit, copyId: string | null): number[] | null {
  if (kit.kind === 'disclosed') return kit.copyId === copyId ? kit.responses : null
  const copy = kit.copies.find((each) => each.copyId === copyId)
  return copy ? kit.keys.map(({ candidates }, i) => candidates[Number(copy.codeword[i])]) : null
}
