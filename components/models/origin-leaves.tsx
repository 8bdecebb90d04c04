'use client'

import dynamic from 'next/dynamic'
import { type ComponentProps, lazy } from 'react'
import type { OpenParentCase as Form } from './open-parent-case'
import type { OriginBondList as List } from './origin-bonds'

const Queries = lazy(() => import('@/components/wallet/queries').then(({ Queries }) => ({ default: Queries })))
const LazyForm = dynamic(() => import('./open-parent-case').then(({ OpenParentCase }) => OpenParentCase), {
  ssr: false,
})
const LazyList = dynamic(() => import('./origin-bonds').then(({ OriginBondList }) => OriginBondList), { ssr: false })

/** What moves in the tab about a model’s origin, and asks the chain: loaded when the tab is opened. */
export function OpenParentCase(props: ComponentProps<typeof Form>) {
  return (
    <Queries>
      <LazyForm {...props} />
    </Queries>
  )
}

export function OriginBondList(props: ComponentProps<typeof List>) {
  return (
    <Queries>
      <LazyList {...props} />
    </Queries>
  )
}
