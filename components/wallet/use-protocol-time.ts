'use client'

import { useEffect, useState } from 'react'
import { useReadContract } from 'wagmi'
import { protocolAbi } from '@/lib/chain/generated'
import { useChain } from './chain'

const readMs = 10_000
const tickMs = 2_000

/**
 * Protocol time in Unix seconds, by which every deadline of the contracts counts: read every ten seconds, and counted on
 * between; null until it is known. It is behind Unix time after a pause, and ahead where a local chain’s time was moved.
 */
export function useProtocolTime(): number | null {
  const { contracts } = useChain()
  const { data, dataUpdatedAt } = useReadContract({
    address: contracts.protocol,
    abi: protocolAbi,
    functionName: 'time',
    blockTag: 'pending',
    query: { refetchInterval: readMs },
  })
  const [now, setNow] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs)
    return () => clearInterval(timer)
  }, [])
  return data === undefined ? null : Number(data) + Math.max(0, Math.floor((now - dataUpdatedAt) / 1000))
}

/** A length of time that the protocol sets, in seconds; null while loading. */
export function useProtocolSeconds(name: 'acceptWindow' | 'epochLength' | 'thaw'): number | null {
  const { contracts } = useChain()
  const { data } = useReadContract({ address: contracts.protocol, abi: protocolAbi, functionName: name })
  return data === undefined ? null : Number(data)
}
