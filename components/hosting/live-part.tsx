'use client'

import { lazyPart } from '@/components/ui/lazy-part'
import { Skeleton } from '@/components/ui/page'

/** What a gateway does now, loaded once its owner has signed in. */
export const LivePart = lazyPart(
  () => import('./live-status').then(({ LiveStatus }) => LiveStatus),
  <Skeleton className="h-48" />,
)
