'use client'

import { ConnectButton as RainbowConnect } from '@rainbow-me/rainbowkit'
import { Button } from '@/components/ui/button'

/** The next action: connect, sign in, switch network, or open the account. */
export function ConnectButton({ size = 'medium' }: { size?: 'medium' | 'large' }) {
  return (
    <RainbowConnect.Custom>
      {({ account, chain, mounted, authenticationStatus, openConnectModal, openChainModal, openAccountModal }) => {
        if (!mounted || authenticationStatus === 'loading')
          return (
            <Button size={size} className="invisible" tabIndex={-1}>
              Connect wallet
            </Button>
          )
        if (!account || !chain || authenticationStatus === 'unauthenticated')
          return (
            <Button size={size} onClick={openConnectModal}>
              {account ? 'Sign in' : 'Connect wallet'}
            </Button>
          )
        if (chain.unsupported)
          return (
            <Button size={size} variant="danger" onClick={openChainModal}>
              Wrong network
            </Button>
          )
        return (
          <Button size={size} variant="secondary" onClick={openAccountModal} className="tabular-nums">
            <span className="size-2 rounded-full bg-verified" aria-hidden="true" />
            {account.displayName}
          </Button>
        )
      }}
    </RainbowConnect.Custom>
  )
}
