'use client'

import { type ReactNode, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { messageOf } from '@/lib/error'
import { useChain } from './chain'
import { useAccount } from './wallet'

/** Shows `children` when the wallet is on the right network, otherwise a button that switches it. */
export function RightNetwork({ children }: { children: ReactNode }) {
  const chain = useChain()
  const { address, chainId, config } = useAccount()
  const [asking, setAsking] = useState(false)
  const [error, setError] = useState<string | null>(null)
  if (!address || !config || chainId === chain.chainId) return children
  const switchNetwork = async () => {
    setAsking(true)
    setError(null)
    try {
      const { switchNetwork } = await import('./switch-network')
      await switchNetwork(config, chain.chainId)
    } catch (cause) {
      setError(messageOf(cause))
    }
    setAsking(false)
  }
  return (
    <Callout
      tone="warning"
      action={
        <Button size="small" busy={asking} onClick={switchNetwork}>
          Switch network
        </Button>
      }
    >
      Your wallet is on network {chainId}; Kinmark runs on {chain.name} ({chain.chainId}). Switch to continue.
      {error && <p className="mt-1 text-danger">{error}</p>}
    </Callout>
  )
}
