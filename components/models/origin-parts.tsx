'use client'

import type { ComponentProps } from 'react'
import { Queries } from '@/components/wallet/queries'
import { OpenParentCase as Form } from './open-parent-case'
import { OriginBondList as List } from './origin-bonds'
import { PutUpBond as PutUp } from './put-up-bond'

export { CarryAncestor } from './carry-ancestor'

export function OpenParentCase(props: ComponentProps<typeof Form>) {
  return (
    <Queries>
      <Form {...props} />
    </Queries>
  )
}

export function PutUpBond(props: ComponentProps<typeof PutUp>) {
  return (
    <Queries>
      <PutUp {...props} />
    </Queries>
  )
}

export function OriginBondList(props: ComponentProps<typeof List>) {
  return (
    <Queries>
      <List {...props} />
    </Queries>
  )
}
