'use client'

import { useQuery } from '@tanstack/react-query'
import { useChain } from '@/components/wallet/chain'
import { readProtocol } from '@/lib/chain/protocol-words'
import type { Usdc6 } from '@/lib/money/usdc'

/** The bond behind a version’s origin, and the seconds for which it is locked; null while loading. */
export function useOriginBond(): { amount: Usdc6; seconds: number } | null {
  const { rpcUrl, contracts } = useChain()
  const { data } = useQuery({
    queryKey: ['protocol', 'origin'],
    queryFn: () => readProtocol(rpcUrl, contracts.protocol, 'origin'),
  })
  return data ? { amount: data[1], seconds: Number(data[2]) } : null
}
