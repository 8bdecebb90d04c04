'use client'

import { createContext, use } from 'react'
import { type Chain, defineChain } from 'viem'
import type { ChainConfig } from '@/lib/market/read/views'

export const ChainContext = createContext<ChainConfig | null>(null)

/** The deployment that this page talks to. */
export function useChain(): ChainConfig {
  const chain = use(ChainContext)
  if (!chain) throw new Error('useChain must be called inside Providers')
  return chain
}

export function viemChain(config: ChainConfig): Chain {
  return defineChain({
    id: config.chainId,
    name: config.name,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [config.rpcUrl] } },
    blockExplorers: config.explorerUrl ? { default: { name: 'Explorer', url: config.explorerUrl } } : undefined,
    testnet: config.local,
  })
}
