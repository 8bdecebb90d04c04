import './globals.css'
import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { Footer } from '@/components/shell/footer'
import { Header } from '@/components/shell/header'
import { Providers } from '@/components/wallet/providers'
import { getChainConfig } from '@/lib/market/read/get-chain-config'

export const dynamic = 'force-dynamic'

export const metadata: Metadata = {
  title: { default: 'Kinmark: open-weight models, one fingerprint per copy', template: '%s · Kinmark' },
  description: 'Publish open weights, sell fingerprinted copies, and pay every ancestor of a model its share.',
}

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#faf9f6' },
    { media: '(prefers-color-scheme: dark)', color: '#131113' },
  ],
}

export default async function Layout({ children }: { children: ReactNode }) {
  const chain = await getChainConfig()
  const nonce = (await headers()).get('x-nonce') ?? undefined
  return (
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`} suppressHydrationWarning>
      <body className="font-sans">
        <Providers chain={chain} nonce={nonce}>
          <div className="flex min-h-dvh flex-col">
            <Header />
            {children}
            <Footer chain={chain} />
          </div>
        </Providers>
      </body>
    </html>
  )
}
