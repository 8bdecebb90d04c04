'use client'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { onClock } from '@/lib/browser/clock-news'

/** What pages to use ask the server and the chain. */
export function Queries({ children }: { children: ReactNode }) {
  const [queries] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: 1 } } }))
  useEffect(() => onClock(() => queries.invalidateQueries()), [queries])
  return <QueryClientProvider client={queries}>{children}</QueryClientProvider>
}
