'use client'

import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { cn } from '@/components/ui/cn'
import { inputClass } from '@/components/ui/field'
import { X } from '@/components/ui/page-icons'
import { Figure } from '@/components/values/figure'
import { Name } from '@/components/values/name'
import { parseCopyId } from '@/lib/chain/ids'
import type { Relation } from '@/lib/chain/states'
import type { CopyView, ModelSummary } from '@/lib/market/read/views'
import type { ParentPick } from './terms-form'

const relations: Record<Relation, string> = {
  finetune: 'fine-tuned from',
  adapter: 'adapter for',
  merge: 'merged from',
  quantized: 'quantized from',
}

type Props = {
  pick: ParentPick
  model: ModelSummary
  copies: CopyView[]
  onChange: (pick: ParentPick) => void
  onRemove: () => void
}

export function ParentRow({ pick, model, copies, onChange, onRemove }: Props) {
  const needsCopy = !model.terms.licence.freeToDerive
  return (
    <li className="space-y-2 rounded-lg bg-sunken p-3 text-sm">
      <div className="flex flex-wrap items-center gap-2">
        <select
          aria-label={`Relation to ${model.name}`}
          className={cn(inputClass, 'h-9 w-auto')}
          value={pick.relation}
          onChange={(event) => onChange({ ...pick, relation: event.currentTarget.value as Relation })}
        >
          {Object.entries(relations).map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
        <Name className="min-w-0 flex-1 basis-40 font-medium">{model.name}</Name>
        <span className="tabular-nums text-muted">
          <Figure bps={model.terms.royaltyBps} /> royalty
        </span>
        <Button variant="ghost" size="icon" aria-label={`Remove ${model.name}`} onClick={onRemove}>
          <X className="size-4" />
        </Button>
      </div>
      {needsCopy &&
        (copies.length > 0 ? (
          <label className="flex flex-wrap items-center gap-2">
            Using your copy
            <select
              className={cn(inputClass, 'h-9 w-auto')}
              value={pick.copyId ?? ''}
              onChange={(event) => onChange({ ...pick, copyId: parseCopyId(event.currentTarget.value) })}
            >
              <option value="">Choose a copy</option>
              {copies.map((copy) => (
                <option key={copy.id} value={copy.id}>
                  #{copy.id}
                </option>
              ))}
            </select>
          </label>
        ) : (
          <Callout tone="warning">
            Deriving from <Name>{model.name}</Name> requires an active copy, and you have none. Get a copy first.
          </Callout>
        ))}
    </li>
  )
}
