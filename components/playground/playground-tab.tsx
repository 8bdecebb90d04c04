'use client'

import { lazyPart } from '@/components/ui/lazy-part'
import { Skeleton } from '@/components/ui/page'

/** The playground, loaded when its tab is opened. */
export const PlaygroundTab = lazyPart(
  () => import('./playground').then(({ Playground }) => Playground),
  <Skeleton className="h-64" />,
)
