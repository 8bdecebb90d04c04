'use client'

import { Queries } from '@/components/wallet/queries'
import type { ModelPage } from '@/lib/market/read/views'
import { CarryAncestor } from './carry-ancestor'
import { OpenParentCase } from './open-parent-case'
import { OriginBondList } from './origin-bonds'
import { PutUpBond } from './put-up-bond'

type Props = { model: ModelPage } & ({ part: 'bonds' | 'carry' } | { part: 'case'; due: bigint })

export function OriginPart({ model, ...about }: Props) {
  return (
    <Queries>
      {about.part === 'bonds' && (
        <>
          <OriginBondList modelId={model.id} bonds={model.bonds} />
          <PutUpBond model={model} />
        </>
      )}
      {about.part === 'carry' && <CarryAncestor model={model} />}
      {about.part === 'case' && <OpenParentCase model={model} due={about.due} />}
    </Queries>
  )
}
