'use client'

import { lazyPart } from '@/components/ui/lazy-part'
import { Skeleton } from '@/components/ui/page'

/** Who decides, loaded when its tab is opened. */
export const ControlTab = lazyPart(
  () => import('./control-panel').then(({ ControlPanel }) => ControlPanel),
  <Skeleton className="h-64" />,
)
