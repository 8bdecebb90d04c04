'use client'

import '@rainbow-me/rainbowkit/styles.css'
import { RainbowKitProvider } from '@rainbow-me/rainbowkit'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { ThemeProvider } from 'next-themes'
import { type ReactNode, useState } from 'react'
import { Toaster } from 'sonner'
import { WagmiProvider } from 'wagmi'
import type { ChainConfig } from '@/lib/market/read/views'
import { ChainContext } from './chain'
import { SessionProvider } from './session'
import { walletConfig } from './wallet-config'
import { walletTheme } from './wallet-theme'

type Props = {
  chain: ChainConfig /** Lets the theme’s script run under the Content-Security-Policy. */
  nonce?: string
  children: ReactNode
}

export function Providers({ chain, nonce, children }: Props) {
  const [config] = useState(() => walletConfig(chain))
  const [queries] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: 1 } } }))
  return (
    <ThemeProvider attribute="class" disableTransitionOnChange nonce={nonce}>
      <ChainContext value={chain}>
        <WagmiProvider config={config}>
          <QueryClientProvider client={queries}>
            <SessionProvider>
              <RainbowKitProvider appInfo={{ appName: 'Kinmark' }} theme={walletTheme} modalSize="compact">
                {children}
                <Toaster position="bottom-right" />
              </RainbowKitProvider>
            </SessionProvider>
          </QueryClientProvider>
        </WagmiProvider>
      </ChainContext>
    </ThemeProvider>
  )
}
