'use client'

import { lazyPart } from '@/components/ui/lazy-part'
import { Skeleton } from '@/components/ui/page'

/** The family tree, loaded when its tab is opened. */
export const FamilyTreeTab = lazyPart(
  () => import('./family-tree').then(({ FamilyTree }) => FamilyTree),
  <Skeleton className="h-64" />,
)
