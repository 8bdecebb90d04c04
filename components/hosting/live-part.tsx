'use client'

import { lazyPart } from '@/components/ui/lazy-part'
import { Skeleton } from '@/components/ui/page'

/** The live view of a gateway. It is loaded once the owner has signed in. */
export const LivePart = lazyPart(
  () => import('./live-status').then(({ LiveStatus }) => LiveStatus),
  <Skeleton className="h-48" />,
)
