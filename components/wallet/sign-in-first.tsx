'use client'

import type { ReactNode } from 'react'
import { EmptyState } from '@/components/brand/empty-state'
import { ConnectButton } from './connect-button'
import { useSession } from './session'

/** Shows `children` after sign-in, otherwise the reason to sign in and the button. */
export function SignInFirst({ title, why, children }: { title: string; why: string; children: ReactNode }) {
  if (useSession()) return children
  return (
    <EmptyState title={title} action={<ConnectButton />}>
      {why}
    </EmptyState>
  )
}
