'use client'

import type { ReactNode } from 'react'
import { EmptyState } from '@/components/brand/empty-state'
import { ConnectButton } from './connect-button'
import { useSession } from './session'

/** Shows `children` to whoever has signed in, and everyone else why and how. */
export function SignInFirst({ title, why, children }: { title: string; why: string; children: ReactNode }) {
  if (useSession()) return children
  return (
    <EmptyState title={title} action={<ConnectButton />}>
      {why}
    </EmptyState>
  )
}
