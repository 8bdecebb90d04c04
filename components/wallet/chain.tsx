'use client'

import { createContext, use } from 'react'
import type { ChainConfig } from '@/lib/market/read/views'

/** Provided by `Providers`. */
export const ChainContext = createContext<ChainConfig | null>(null)

/** The chain and contracts of this deployment. */
export function useChain(): ChainConfig {
  const chain = use(ChainContext)
  if (!chain) throw new Error('useChain must be called inside Providers')
  return chain
}
