import type { CopyView } from '@/lib/market/read/views'

const amounts = ['price', 'collateral', 'leakBond', 'mintFee', 'penalty'] as const
type Amounts = (typeof amounts)[number]

/** A copy in JSON: amounts are decimal strings. */
export type CopyJson = Omit<CopyView, Amounts> & Record<Amounts, string>

export function parseCopy(copy: CopyJson): CopyView {
  const parsed = Object.fromEntries(amounts.map((name) => [name, BigInt(copy[name])])) as Record<Amounts, bigint>
  return { ...copy, ...parsed }
}
