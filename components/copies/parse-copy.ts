import type { CopyView } from '@/lib/market/read/views'

/** A copy in JSON: amounts are decimal strings. */
export type CopyJson = Omit<CopyView, 'price' | 'collateral'> & { price: string; collateral: string }

export function parseCopy({ price, collateral, ...copy }: CopyJson): CopyView {
  return { ...copy, price: BigInt(price), collateral: BigInt(collateral) }
}
