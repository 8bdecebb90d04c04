'use client'

import '@rainbow-me/rainbowkit/styles.css'
import { RainbowKitProvider, useAccountModal, useChainModal, useConnectModal } from '@rainbow-me/rainbowkit'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useAccount, useAccountEffect, useConfig, WagmiProvider } from 'wagmi'
import { Authentication } from './authentication'
import { useChain } from './chain'
// What follows a payment comes with the stack, so that a lost connection cannot keep it away.
import './write'
import './switch-network'
import { forgetWallet, publishStack } from './wallet'
import { walletConfig } from './wallet-config'
import { walletTheme } from './wallet-theme'

/** So long a wallet may take to say whether it was connected. One that never answers keeps nobody from another. */
const reconnectMs = 3_000

/** The wallet stack with its dialogs. It has no children: pages learn of it by `useWallet`. */
export function Island() {
  const chain = useChain()
  const [config] = useState(() => walletConfig(chain))
  const [queries] = useState(() => new QueryClient())
  return (
    <WagmiProvider config={config}>
      <QueryClientProvider client={queries}>
        <Authentication>
          <RainbowKitProvider
            initialChain={chain.chainId}
            appInfo={{ appName: 'Kinmark' }}
            theme={walletTheme}
            modalSize="compact"
          >
            <Publisher />
          </RainbowKitProvider>
        </Authentication>
      </QueryClientProvider>
    </WagmiProvider>
  )
}

/** Tells the pages what the stack knows and can do. */
function Publisher() {
  const config = useConfig()
  const { address, chainId, status } = useAccount()
  const { openConnectModal: openConnect } = useConnectModal()
  const { openChainModal: openNetworks } = useChainModal()
  const { openAccountModal: openAccount } = useAccountModal()
  const [mounted, setMounted] = useState(false)
  const [late, setLate] = useState(false)
  useEffect(() => {
    // By then wagmi has begun to ask the wallet that was connected before.
    const timers = [setTimeout(() => setMounted(true), 0), setTimeout(() => setLate(true), reconnectMs)]
    return () => timers.forEach(clearTimeout)
  }, [])
  const ready = mounted && (late || status === 'connected' || status === 'disconnected')
  useAccountEffect({ onDisconnect: forgetWallet })
  useEffect(() => {
    if (ready) publishStack({ config, address, chainId, openConnect, openNetworks, openAccount })
  }, [ready, config, address, chainId, openConnect, openNetworks, openAccount])
  return null
}
