'use client'

import { useReadContract } from 'wagmi'
import { useChain } from '@/components/wallet/chain'
import { protocolAbi } from '@/lib/chain/generated'
import type { Usdc6 } from '@/lib/money/usdc'

/** The bond behind a version’s origin, and the seconds for which it is locked; null while loading. */
export function useOriginBond(): { amount: Usdc6; seconds: number } | null {
  const { contracts } = useChain()
  const { data } = useReadContract({ address: contracts.protocol, abi: protocolAbi, functionName: 'origin' })
  return data ? { amount: data[1], seconds: Number(data[2]) } : null
}
