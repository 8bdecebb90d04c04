'use client'

import dynamic from 'next/dynamic'
import { Skeleton } from '@/components/ui/page'

/** The family tree, loaded when its tab is opened. */
export const FamilyTreeTab = dynamic(() => import('./family-tree').then(({ FamilyTree }) => FamilyTree), {
  ssr: false,
  loading: () => <Skeleton className="h-64" />,
})
