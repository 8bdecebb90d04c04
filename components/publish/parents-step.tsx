'use client'

import { Callout } from '@/components/ui/callout'
import { formatBps } from '@/lib/format/odds'
import type { CopyView, ModelSummary } from '@/lib/market/read/views'
import { ParentRow } from './parent-row'
import { ParentSearch } from './parent-search'
import { maxParents, maxRoyaltyBps, type ParentPick } from './terms-form'

type Props = {
  models: ModelSummary[]
  copies: CopyView[]
  picks: ParentPick[]
  onChange: (picks: ParentPick[]) => void
}

export function ParentsStep({ models, copies, picks, onChange }: Props) {
  const totalRoyaltyBps = picks.reduce(
    (sum, { id }) => sum + (models.find((m) => m.id === id)?.terms.royaltyBps ?? 0),
    0,
  )
  return (
    <div className="space-y-4">
      {picks.length > 0 && (
        <ul aria-label="Parents" className="space-y-2">
          {picks.map((pick) => {
            const model = models.find(({ id }) => id === pick.id)
            return (
              model && (
                <ParentRow
                  key={pick.id}
                  pick={pick}
                  model={model}
                  copies={copies.filter((copy) => copy.model.id === pick.id && copy.state === 'active')}
                  onChange={(next) => onChange(picks.map((other) => (other === pick ? next : other)))}
                  onRemove={() => onChange(picks.filter((other) => other !== pick))}
                />
              )
            )
          })}
        </ul>
      )}
      {totalRoyaltyBps > maxRoyaltyBps && (
        <Callout tone="danger">
          The parents’ royalties add up to {formatBps(totalRoyaltyBps)}; the maximum is {formatBps(maxRoyaltyBps)}.
          Remove a parent.
        </Callout>
      )}
      {picks.length < maxParents && (
        <ParentSearch
          models={models.filter((model) => !model.retired && !picks.some(({ id }) => id === model.id))}
          onPick={(id) => onChange([...picks, { id, relation: 'finetune', copyId: null }])}
        />
      )}
    </div>
  )
}
