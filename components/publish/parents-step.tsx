'use client'

import { lazy, Suspense } from 'react'
import { Callout } from '@/components/ui/callout'
import { Figure } from '@/components/values/figure'
import { maxAncestors, maxRoyaltyBps, type Obligations } from '@/lib/chain/obligations'
import type { Relation } from '@/lib/chain/states'
import type { CopyView, ModelSummary } from '@/lib/market/read/views'
import { totalBps } from '@/lib/money/split'
import { ParentSearch } from './parent-search'
import { maxParents, type ParentPick } from './terms-form'

/** Loaded when a parent was picked. */
const ParentRow = lazy(() => import('./parent-row').then(({ ParentRow }) => ({ default: ParentRow })))

type Props = {
  models: ModelSummary[]
  copies: CopyView[]
  picks: ParentPick[]
  /** Obligations of a child of all picked parents. */
  obligations: Obligations
  /** What the model is to a parent, until the publisher says otherwise. */
  relation: Relation
  onChange: (picks: ParentPick[]) => void
}

export function ParentsStep({ models, copies, picks, obligations, relation, onChange }: Props) {
  return (
    <div className="space-y-4">
      {picks.length > 0 && (
        <Suspense>
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
        </Suspense>
      )}
      {obligations.lineage.length > 0 && <Headroom lineage={obligations.lineage} />}
      {picks.length < maxParents && (
        <ParentSearch
          models={models.filter((model) => !model.retired && !picks.some(({ id }) => id === model.id))}
          onPick={(id) => onChange([...picks, { id, relation, copyId: null }])}
        />
      )}
    </div>
  )
}

/** How much of the two caps on a lineage is used, and what is left for descendants. */
function Headroom({ lineage }: Pick<Obligations, 'lineage'>) {
  const [royalties, count] = [totalBps(lineage), lineage.length]
  if (royalties > maxRoyaltyBps)
    return (
      <Callout tone="danger">
        The royalties to all ancestors add up to <Figure bps={royalties} />; the maximum is{' '}
        <Figure bps={maxRoyaltyBps} />. Remove a parent.
      </Callout>
    )
  if (count > maxAncestors)
    return (
      <Callout tone="danger">
        {count} ancestors would earn from this model; the maximum is {maxAncestors}. Remove a parent.
      </Callout>
    )
  return (
    <p className="text-sm text-muted">
      {count} of at most {maxAncestors} ancestors earn <Figure bps={royalties} /> of at most{' '}
      <Figure bps={maxRoyaltyBps} />. Models derived from yours can owe royalties of{' '}
      <Figure bps={maxRoyaltyBps - royalties} /> more, yours included.
    </p>
  )
}
