'use client'

import dynamic from 'next/dynamic'
import { Skeleton } from '@/components/ui/page'

/** The playground, loaded when its tab is opened. */
export const PlaygroundTab = dynamic(() => import('./playground').then(({ Playground }) => Playground), {
  ssr: false,
  loading: () => <Skeleton className="h-64" />,
})
