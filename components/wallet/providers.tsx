'use client'

import { useRouter } from 'next/navigation'
import { ThemeProvider } from 'next-themes'
import { type ReactNode, useEffect } from 'react'
import type { Address } from 'viem'
import { LocaleContext } from '@/components/values/locale'
import { onSession } from '@/lib/browser/session-news'
import { defaultLocale } from '@/lib/format/locale'
import type { ChainConfig } from '@/lib/market/read/views'
import { ChainContext } from './chain'
import { SessionContext } from './session'
import { installWallet, loadWallet, useWallet, wasConnected } from './wallet'

installWallet(() => import('./island'))

type Props = {
  chain: ChainConfig
  /** The account that the visitor’s cookie signs in. */
  session: Address | null
  /** Lets the theme’s script run under the Content-Security-Policy. */
  nonce?: string
  /** For numbers and dates. */
  locale?: string
  children: ReactNode
}

/** What every page needs. The wallet stack stands beside the page, once it is loaded. */
export function Providers({ chain, session, nonce, locale, children }: Props) {
  const router = useRouter()
  const { Island } = useWallet()
  const returns = session !== null
  useEffect(() => {
    if (returns || wasConnected()) loadWallet()
  }, [returns])
  useEffect(() => onSession(() => router.refresh()), [router])
  return (
    <ThemeProvider attribute="class" disableTransitionOnChange nonce={nonce}>
      <ChainContext value={chain}>
        <SessionContext value={session}>
          <LocaleContext value={locale ?? defaultLocale}>
            {children}
            {Island && <Island />}
          </LocaleContext>
        </SessionContext>
      </ChainContext>
    </ThemeProvider>
  )
}
