'use client'

import Form from 'next/form'
import { cn } from '@/components/ui/cn'
import { inputClass } from '@/components/ui/field'
import { Search } from '@/components/ui/page-icons'
import type { Facet, Facets, ModelQuery } from '@/lib/market/read/views'
import { sorts } from './model-query'

type Option = { value: string; name: string }

function Select({ name, label, value, options }: { name: string; label: string; value?: string; options: Option[] }) {
  return (
    <select
      name={name}
      aria-label={label}
      defaultValue={value ?? ''}
      onChange={(event) => event.currentTarget.form?.requestSubmit()}
      className={cn(inputClass, 'w-[calc(50%-0.25rem)] truncate sm:w-auto sm:max-w-60')}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.name}
        </option>
      ))}
    </select>
  )
}

/** A value that is chosen stays an option, also where a search has none of it. */
const optionsOf = (all: string, facets: Facet[], chosen?: string) => [
  { value: '', name: all },
  ...facets.map(({ value, models }) => ({ value, name: `${value} (${models})` })),
  ...(chosen && !facets.some(({ value }) => value === chosen) ? [{ value: chosen, name: chosen }] : []),
]

/** A GET form: the filters are in the URL, so that a search can be shared as a link. */
export function Filters({ query, facets }: { query: ModelQuery; facets: Facets }) {
  const { family, licence, task } = query
  return (
    <Form action="/" role="search" className="mb-6 flex flex-wrap gap-2">
      <div className="relative w-full sm:w-auto sm:flex-1">
        <Search className="pointer-events-none absolute top-3 left-3 size-4 text-muted" />
        <input
          type="search"
          name="search"
          aria-label="Search models"
          placeholder="Search by name, tag or creator"
          defaultValue={query.search}
          className={cn(inputClass, 'pl-9')}
        />
      </div>
      <Select
        name="family"
        label="Family"
        value={family}
        options={optionsOf('All families', facets.families, family)}
      />
      <Select
        name="licence"
        label="Licence"
        value={licence}
        options={optionsOf('All licences', facets.licences, licence)}
      />
      <Select name="task" label="Task" value={task} options={optionsOf('All tasks', facets.tasks, task)} />
      <Select
        name="sort"
        label="Sort by"
        value={query.sort}
        options={Object.entries(sorts).map(([value, name]) => ({ value: value === 'trending' ? '' : value, name }))}
      />
      <button type="submit" className="sr-only">
        Search
      </button>
    </Form>
  )
}
