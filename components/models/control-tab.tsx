'use client'

import dynamic from 'next/dynamic'
import { Skeleton } from '@/components/ui/page'

/** Who decides, loaded when its tab is opened. */
export const ControlTab = dynamic(() => import('./control-panel').then(({ ControlPanel }) => ControlPanel), {
  ssr: false,
  loading: () => <Skeleton className="h-64" />,
})
