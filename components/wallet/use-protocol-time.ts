'use client'

import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { type ProtocolNumber, readProtocol } from '@/lib/chain/protocol-words'
import { useChain } from './chain'

const readMs = 10_000
const tickMs = 2_000

function useProtocol(name: ProtocolNumber, refetchInterval?: number) {
  const { rpcUrl, contracts } = useChain()
  return useQuery({
    queryKey: ['protocol', name],
    queryFn: async () => Number((await readProtocol(rpcUrl, contracts.protocol, name))[0]),
    refetchInterval,
  })
}

/**
 * Protocol time in Unix seconds, by which every deadline of the contracts counts: read every ten seconds, and counted on
 * between; null until it is known. It is behind Unix time after a pause, and ahead where a local chain’s time was moved.
 */
export function useProtocolTime(): number | null {
  const { data, dataUpdatedAt } = useProtocol('time', readMs)
  const [now, setNow] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs)
    return () => clearInterval(timer)
  }, [])
  return data === undefined ? null : data + Math.max(0, Math.floor((now - dataUpdatedAt) / 1000))
}

/** A length of time that the protocol sets, in seconds; null while loading. */
export function useProtocolSeconds(name: 'acceptWindow' | 'thaw'): number | null {
  return useProtocol(name).data ?? null
}
