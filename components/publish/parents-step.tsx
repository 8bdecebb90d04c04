'use client'

import { X } from 'lucide-react'
import { useId, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { cn } from '@/components/ui/cn'
import { inputClass } from '@/components/ui/field'
import { formatBps } from '@/components/ui/measure'
import type { CopyView, ModelSummary, Relation } from '@/lib/market/types'
import { maxParents, maxRoyaltyBps, type ParentPick } from './terms-form'

const relations: Record<Relation, string> = {
  finetune: 'fine-tuned from',
  adapter: 'adapter for',
  merge: 'merged from',
  quantized: 'quantized from',
}

type Props = {
  models: ModelSummary[]
  copies: CopyView[]
  picks: ParentPick[]
  onChange: (picks: ParentPick[]) => void
}

export function ParentsStep({ models, copies, picks, onChange }: Props) {
  const asked = picks.reduce((sum, { id }) => sum + (models.find((m) => m.id === id)?.terms.royaltyBps ?? 0), 0)
  return (
    <div className="space-y-4">
      {picks.length > 0 && (
        <ul aria-label="Parents" className="space-y-2">
          {picks.map((pick) => {
            const model = models.find(({ id }) => id === pick.id)
            return (
              model && (
                <Parent
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
      {asked > maxRoyaltyBps && (
        <Callout tone="danger">
          These parents ask {formatBps(asked)} together; at most {formatBps(maxRoyaltyBps)} can be promised.
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

function ParentSearch({ models, onPick }: { models: ModelSummary[]; onPick: (id: string) => void }) {
  const [search, setSearch] = useState('')
  const id = useId()
  const found = search.trim()
    ? models.filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()))
    : []
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-sm font-medium">
        Add a parent
      </label>
      <input
        id={id}
        type="search"
        placeholder="Search models by name"
        className={inputClass}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {search.trim() && (
        <ul aria-label="Models found" className="mt-2 divide-y rounded-lg border">
          {found.slice(0, 6).map((model) => (
            <li key={model.id} className="flex items-center justify-between gap-3 p-2 pl-3 text-sm">
              <span className="min-w-0 truncate">
                {model.name}{' '}
                <span className="text-muted">
                  {model.terms.licence.derive ? `asks ${formatBps(model.terms.royaltyBps)}` : 'does not allow children'}
                </span>
              </span>
              <Button
                look="secondary"
                size="small"
                disabled={!model.terms.licence.derive}
                aria-label={`Add ${model.name} as parent`}
                onClick={() => {
                  onPick(model.id)
                  setSearch('')
                }}
              >
                Add
              </Button>
            </li>
          ))}
          {found.length === 0 && <li className="p-3 text-sm text-muted">No model has this name.</li>}
        </ul>
      )}
    </div>
  )
}

type ParentProps = {
  pick: ParentPick
  model: ModelSummary
  copies: CopyView[]
  onChange: (pick: ParentPick) => void
  onRemove: () => void
}

function Parent({ pick, model, copies, onChange, onRemove }: ParentProps) {
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
        <span className="min-w-0 flex-1 truncate font-medium">{model.name}</span>
        <span className="tabular-nums text-muted">{formatBps(model.terms.royaltyBps)} royalty</span>
        <Button look="quiet" size="icon" aria-label={`Remove ${model.name}`} onClick={onRemove}>
          <X className="size-4" aria-hidden="true" />
        </Button>
      </div>
      {needsCopy &&
        (copies.length > 0 ? (
          <label className="flex flex-wrap items-center gap-2">
            By right of your copy
            <select
              className={cn(inputClass, 'h-9 w-auto')}
              value={pick.copyId ?? ''}
              onChange={(event) => onChange({ ...pick, copyId: event.currentTarget.value || null })}
            >
              <option value="">choose</option>
              {copies.map((copy) => (
                <option key={copy.id} value={copy.id}>
                  #{copy.id}
                </option>
              ))}
            </select>
          </label>
        ) : (
          <Callout tone="warning">
            {model.name} may be derived by holders of an active copy only, and you hold none. Get a copy of it first.
          </Callout>
        ))}
    </li>
  )
}
