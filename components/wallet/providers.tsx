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

export function Providers({ chain, children }: { chain: ChainConfig; children: ReactNode }) {
  const [config] = useState(() => walletConfig(chain))
  const [queries] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: 1 } } }))
  return (
    <ThemeProvider attribute="class" disableTransitionOnChange>
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
