import './globals.css'
import type { Metadata, Viewport } from 'next'
import localFont from 'next/font/local'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { Footer } from '@/components/shell/footer'
import { Header } from '@/components/shell/header'
import { Providers } from '@/components/wallet/providers'
import { readerLocale } from '@/lib/market/http/reader-locale'
import { sessionAddress } from '@/lib/market/http/session'
import { getChainConfig } from '@/lib/market/read/get-chain-config'
import { localTime } from '@/lib/market/read/local-time'

export const dynamic = 'force-dynamic'

/** Latin only, 40 kB together: other scripts have the system’s fonts. */
const sans = localFont({
  src: '../node_modules/@fontsource-variable/geist/files/geist-latin-wght-normal.woff2',
  weight: '100 900',
  variable: '--font-geist-sans',
})
const mono = localFont({
  src: '../node_modules/@fontsource/geist-mono/files/geist-mono-latin-400-normal.woff2',
  weight: '400',
  variable: '--font-geist-mono',
  preload: false,
  adjustFontFallback: false,
})

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
  const [chain, session, locale, sent] = await Promise.all([
    getChainConfig(),
    sessionAddress(),
    readerLocale(),
    headers(),
  ])
  return (
    <html lang="en" className={`${sans.variable} ${mono.variable}`} suppressHydrationWarning>
      <body className="font-sans">
        <Providers chain={chain} session={session} nonce={sent.get('x-nonce') ?? undefined} locale={locale}>
          <div className="flex min-h-dvh flex-col">
            <Header />
            {children}
            <Footer chain={chain} clock={localTime()} />
          </div>
        </Providers>
      </body>
    </html>
  )
}
