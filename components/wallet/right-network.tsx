'use client'

import type { ReactNode } from 'react'
import { useAccount, useSwitchChain } from 'wagmi'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { chainError } from '@/lib/chain/chain-error'
import { messageOf } from '@/lib/error'
import { useChain } from './chain'

/** Shows `children` when the wallet is on the right network, otherwise a button that switches it. */
export function RightNetwork({ children }: { children: ReactNode }) {
  const chain = useChain()
  const { chainId, isConnected } = useAccount()
  const { switchChain, isPending, error } = useSwitchChain()
  if (!isConnected || chainId === chain.chainId) return children
  return (
    <Callout
      tone="warning"
      action={
        <Button size="small" busy={isPending} onClick={() => switchChain({ chainId: chain.chainId })}>
          Switch network
        </Button>
      }
    >
      Your wallet is on network {chainId}; Kinmark runs on {chain.name} ({chain.chainId}). Switch to continue.
      {error && <p className="mt-1 text-danger">{messageOf(chainError(error))}</p>}
    </Callout>
  )
}
