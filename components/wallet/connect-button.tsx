'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { useHydrated } from '@/components/ui/use-hydrated'
import { shortAddress } from '@/lib/format/addresses'
import { useChain } from './chain'
import { useServerSession, useSession } from './session'
import { openWallet, useWallet, wasConnected } from './wallet'

/** The next action: connect, sign in, switch network, or open the account. */
export function ConnectButton({ size = 'medium' }: { size?: 'medium' | 'large' }) {
  const chain = useChain()
  const session = useSession()
  const returns = useServerSession() !== null
  const { stage, stack } = useWallet()
  const [asked, setAsked] = useState(false)
  const hydrated = useHydrated()
  // Who was connected before will be again in a moment.
  const isComing = (returns || (hydrated && wasConnected())) && (stage === 'absent' || stage === 'loading')
  if (isComing && !asked)
    return (
      <Button size={size} className="invisible" tabIndex={-1}>
        Connect wallet
      </Button>
    )
  if (stage === 'failed')
    return (
      <Button size={size} variant="danger" onClick={() => window.location.reload()}>
        Wallets did not load. Reload
      </Button>
    )
  // On a foreign network the dialog to sign in does nothing.
  if (stack?.address && stack.chainId !== chain.chainId)
    return (
      <Button size={size} variant="danger" onClick={stack.openNetworks}>
        Wrong network
      </Button>
    )
  if (!stack?.address || !session)
    return (
      <Button
        size={size}
        disabled={!hydrated}
        busy={asked && stage === 'loading'}
        onClick={() => {
          setAsked(true)
          openWallet()
        }}
      >
        {stack?.address ? 'Sign in' : 'Connect wallet'}
      </Button>
    )
  return (
    <Button size={size} variant="secondary" onClick={stack.openAccount} className="tabular-nums">
      <span className="size-2 rounded-full bg-verified" aria-hidden="true" />
      {shortAddress(stack.address)}
    </Button>
  )
}
