'use client'

import { createAuthenticationAdapter, RainbowKitAuthenticationProvider } from '@rainbow-me/rainbowkit'
import { type ReactNode, useMemo } from 'react'
import { getAddress } from 'viem'
import { createSiweMessage } from 'viem/siwe'
import { useAccount } from 'wagmi'
import { request, responseError, sendJson } from '@/lib/browser/http'
import { announceSession } from '@/lib/browser/session-news'
import { useChain } from './chain'
import { isSignedIn, useServerSession } from './session'

function adapterOf(chainId: number) {
  /** By how much the server’s clock is ahead of this device’s. The server refuses messages of another time. */
  let aheadMs = 0
  return createAuthenticationAdapter({
    getNonce: async () => {
      const response = await request('/api/auth/nonce')
      if (!response.ok) throw await responseError(response)
      aheadMs = Date.parse(response.headers.get('date') ?? '') - Date.now() || 0
      return response.text()
    },
    // The session is bound to the network of this site, whichever the wallet is on.
    createMessage: ({ nonce, address }) =>
      createSiweMessage({
        domain: window.location.host,
        address: getAddress(address),
        statement: 'Sign in to Kinmark. This is free and moves no funds.',
        uri: window.location.origin,
        version: '1',
        chainId,
        nonce,
        issuedAt: new Date(Date.now() + aheadMs),
      }),
    verify: async ({ message, signature }) => {
      const ok = await sendJson('/api/auth/verify', { message, signature }).then(
        () => true,
        () => false,
      )
      announceSession({ everywhere: true })
      return ok
    },
    signOut: async () => {
      await sendJson('/api/auth/logout', {})
      announceSession({ everywhere: true })
    },
  })
}

/** Sign-in with Ethereum (ERC-4361) through RainbowKit’s dialog. */
export function Authentication({ children }: { children: ReactNode }) {
  const { chainId } = useChain()
  const adapter = useMemo(() => adapterOf(chainId), [chainId])
  const { address } = useAccount()
  const signedIn = isSignedIn(address, useServerSession())
  return (
    <RainbowKitAuthenticationProvider adapter={adapter} status={signedIn ? 'authenticated' : 'unauthenticated'}>
      {children}
    </RainbowKitAuthenticationProvider>
  )
}
