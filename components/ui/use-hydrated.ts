'use client'

import { useSyncExternalStore } from 'react'

const never = () => () => {}

/** Whether the page reacts yet. Before that, what somebody types is shown, but nothing of ours knows it. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
}
