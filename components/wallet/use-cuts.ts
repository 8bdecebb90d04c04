'use client'

import { useQuery } from '@tanstack/react-query'
import { readProtocol } from '@/lib/chain/protocol-words'
import type { Cuts } from '@/lib/money/split'
import { useChain } from './chain'

/** The cuts of this epoch; null while loading. */
export function useCuts(): Cuts | null {
  const { rpcUrl, contracts } = useChain()
  const { data } = useQuery({ queryKey: ['cuts'], queryFn: () => readProtocol(rpcUrl, contracts.protocol, 'cuts') })
  if (!data) return null
  const [protocolBps, proverBps, minterBps] = data.map(Number)
  return { protocolBps, proverBps, minterBps }
}
