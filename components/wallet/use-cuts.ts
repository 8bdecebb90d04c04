'use client'

import { useReadContract } from 'wagmi'
import { treasuryAbi } from '@/lib/chain/generated'
import type { Cuts } from '@/lib/money/split'
import { useChain } from './chain'

/** The treasury's fixed cuts; null while loading. */
export function useCuts(): Cuts | null {
  const { contracts } = useChain()
  const { data } = useReadContract({
    address: contracts.treasury,
    abi: treasuryAbi,
    functionName: 'cuts',
    query: { staleTime: Number.POSITIVE_INFINITY },
  })
  return data ? { protocolBps: data[0], proverBps: data[1], minterBps: data[2] } : null
}
