'use client'

import { createAuthenticationAdapter, RainbowKitAuthenticationProvider } from '@rainbow-me/rainbowkit'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useMemo } from 'react'
import { type Address, getAddress, isAddressEqual } from 'viem'
import { createSiweMessage } from 'viem/siwe'
import { useAccount } from 'wagmi'
import { readJson, sendJson } from '@/lib/browser/http'
import { announceSession, onSession } from '@/lib/browser/session-news'

const sessionQueryOptions = () => ({
  queryKey: ['session'],
  queryFn: () => readJson<{ address: Address | null }>('/api/auth/session'),
  staleTime: 60_000,
})

/** The account that is both connected and signed in, or null. */
export function useSession(): Address | null {
  const { address } = useAccount()
  const { data } = useQuery(sessionQueryOptions())
  return address && data?.address && isAddressEqual(address, data.address) ? address : null
}

/** Sign-in with Ethereum (ERC-4361) through RainbowKit's dialog. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient()
  const router = useRouter()
  const signedIn = useSession()
  const { isPending } = useQuery(sessionQueryOptions())

  useEffect(
    () =>
      onSession(async () => {
        await queries.invalidateQueries({ queryKey: ['session'] })
        router.refresh()
      }),
    [queries, router],
  )

  const adapter = useMemo(() => {
    const changed = async () => {
      await queries.invalidateQueries({ queryKey: ['session'] })
      announceSession({ everywhere: true })
    }
    return createAuthenticationAdapter({
      getNonce: async () => (await fetch('/api/auth/nonce')).text(),
      createMessage: ({ nonce, address, chainId }) =>
        createSiweMessage({
          domain: window.location.host,
          address: getAddress(address),
          statement: 'Sign in to Kinmark. This is free and moves no funds.',
          uri: window.location.origin,
          version: '1',
          chainId,
          nonce,
          issuedAt: new Date(),
        }),
      verify: async ({ message, signature }) => {
        const ok = await sendJson('/api/auth/verify', { message, signature }).then(
          () => true,
          () => false,
        )
        await changed()
        return ok
      },
      signOut: async () => {
        await sendJson('/api/auth/logout', {})
        await changed()
      },
    })
  }, [queries])

  return (
    <RainbowKitAuthenticationProvider
      adapter={adapter}
      status={signedIn ? 'authenticated' : isPending ? 'loading' : 'unauthenticated'}
    >
      {children}
    </RainbowKitAuthenticationProvider>
  )
}
