import type { CopyView } from '@/lib/market/read/views'

type Tail = Pick<CopyView, 'collateral' | 'leakBond' | 'leakTail' | 'thawEndsAt'>

/** The part of a closed or refunded copy’s collateral that stays at `now`, in Unix seconds; rounded up, as the contract has it. */
export function collateralLeft({ collateral, leakBond, leakTail, thawEndsAt }: Tail, now: number): bigint {
  if (thawEndsAt === null || now < thawEndsAt) return collateral
  const remaining = BigInt(Math.max(thawEndsAt + leakTail - now, 0))
  const left = leakTail === 0 ? 0n : (leakBond * remaining + BigInt(leakTail) - 1n) / BigInt(leakTail)
  return left < collateral ? left : collateral
}
