'use client'

import { useId, useState } from 'react'
import { Button } from '@/components/ui/button'
import { inputClass } from '@/components/ui/field'
import { useHydrated } from '@/components/ui/use-hydrated'
import { Figure } from '@/components/values/figure'
import { Name } from '@/components/values/name'
import type { ModelId } from '@/lib/chain/ids'
import type { ModelSummary } from '@/lib/market/read/views'

export function ParentSearch({ models, onPick }: { models: ModelSummary[]; onPick: (id: ModelId) => void }) {
  const hydrated = useHydrated()
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
        disabled={!hydrated}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {search.trim() && (
        <ul aria-label="Models found" className="mt-2 divide-y rounded-lg border">
          {found.slice(0, 6).map((model) => (
            <li key={model.id} className="flex items-center justify-between gap-3 p-2 pl-3 text-sm">
              <span className="min-w-0 truncate">
                <Name>{model.name}</Name>{' '}
                <span className="text-muted">
                  {model.terms.licence.derive ? (
                    <>
                      <Figure bps={model.terms.royaltyBps} /> royalty
                    </>
                  ) : (
                    'derived models not allowed'
                  )}
                </span>
              </span>
              <Button
                variant="secondary"
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
          {found.length === 0 && <li className="p-3 text-sm text-muted">No models found.</li>}
        </ul>
      )}
    </div>
  )
}
