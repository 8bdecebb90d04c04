'use client'

import { useReadContract } from 'wagmi'
import { protocolAbi } from '@/lib/chain/generated'
import type { Cuts } from '@/lib/money/split'
import { useChain } from './chain'

/** The cuts of this epoch; null while loading. */
export function useCuts(): Cuts | null {
  const { contracts } = useChain()
  const { data } = useReadContract({ address: contracts.protocol, abi: protocolAbi, functionName: 'cuts' })
  if (!data) return null
  const [protocolBps, proverBps, minterBps] = data
  return { protocolBps, proverBps, minterBps }
}
