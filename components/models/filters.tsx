'use client'

import Form from 'next/form'
import { cn } from '@/components/ui/cn'
import { inputClass } from '@/components/ui/field'
import { Search } from '@/components/ui/page-icons'
import type { ModelQuery } from '@/lib/market/read/views'
import { sorts } from './model-query'

type Option = { value: string; name: string }

function Select({ name, label, value, options }: { name: string; label: string; value?: string; options: Option[] }) {
  return (
    <select
      name={name}
      aria-label={label}
      defaultValue={value ?? ''}
      onChange={(event) => event.currentTarget.form?.requestSubmit()}
      className={cn(inputClass, 'w-auto max-w-60 min-w-0 flex-1 truncate px-2 sm:flex-none sm:px-3')}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.name}
        </option>
      ))}
    </select>
  )
}

const optionsOf = (all: string, values: string[]) => [
  { value: '', name: all },
  ...values.map((value) => ({ value, name: value })),
]

/** A GET form: the filters are in the URL, so that a search can be shared as a link. */
export function Filters({ query, families, licences }: { query: ModelQuery; families: string[]; licences: string[] }) {
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
      <Select name="family" label="Family" value={query.family} options={optionsOf('All families', families)} />
      <Select name="licence" label="Licence" value={query.licence} options={optionsOf('All licences', licences)} />
      <Select
        name="sort"
        label="Sort by"
        value={query.sort}
        options={Object.entries(sorts).map(([value, name]) => ({ value: value === 'new' ? '' : value, name }))}
      />
      <button type="submit" className="sr-only">
        Search
      </button>
    </Form>
  )
}
