import type { CopyView } from '@/lib/market/read/views'

/** As JSON carries it: money in decimal strings. */
export type CopyJson = Omit<CopyView, 'price' | 'collateral'> & { price: string; collateral: string }

export function parseCopy({ price, collateral, ...copy }: CopyJson): CopyView {
  return { ...copy, price: BigInt(price), collateral: BigInt(collateral) }
}
