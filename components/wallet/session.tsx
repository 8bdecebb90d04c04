'use client'

import { createContext, use } from 'react'
import type { Address } from 'viem'
import { isSameAddress } from '@/lib/format/addresses'
import { useAccount } from './wallet'

/** The account that the cookie signs in, as the server rendered the page. Provided by `Providers`. */
export const SessionContext = createContext<Address | null>(null)

export const useServerSession = () => use(SessionContext)

/** The account that is both connected and signed in, or null. */
export function useSession(): Address | null {
  const { address } = useAccount()
  const session = useServerSession()
  return isSignedIn(address, session) ? session : null
}

export function isSignedIn(connected: Address | undefined, session: Address | null): boolean {
  return connected !== undefined && session !== null && isSameAddress(connected, session)
}
