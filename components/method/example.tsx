'use client'

import { useState } from 'react'
import { Badge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { formatPercent } from '@/lib/format/odds'
import type { Example as Measured } from './figures'

const models = ['The base', 'One copy', 'Another copy']

/** Next-token probabilities for one key of tiny: the base and two copies with opposite bits. */
export function Example({ example }: { example: Measured }) {
  const [model, setModel] = useState(0)
  const largest = Math.max(...example.tokens.map(({ chances }) => chances[model]))
  return (
    <div className="space-y-4">
      <fieldset className="flex flex-wrap gap-2">
        <legend className="sr-only">Model</legend>
        {models.map((name, i) => (
          <Choice key={name} name={name} chosen={model === i} choose={() => setModel(i)} />
        ))}
      </fieldset>
      <p className="font-mono text-sm break-words">
        <span className="sr-only">The key: </span>
        {example.prompt}
        <strong className="rounded bg-accent-soft px-1 text-accent">
          {example.tokens.find(({ chances }) => chances[model] === largest)?.text}
        </strong>
      </p>
      <ul aria-label={`Next tokens of ${models[model].toLowerCase()}`} className="space-y-1.5">
        {example.tokens.map(({ text, answer, chances }) => (
          <li
            key={text}
            className="grid grid-cols-[4.5rem_minmax(0,1fr)_3.5rem] items-center gap-3 text-sm sm:grid-cols-[4.5rem_minmax(0,1fr)_3.5rem_6rem]"
          >
            <code className="truncate">{text.replace(' ', '␣')}</code>
            <span className="h-3 rounded-full bg-sunken">
              <span
                className={cn(
                  'block h-full rounded-full transition-[width]',
                  answer ? 'bg-accent' : 'bg-border-strong',
                )}
                style={{ width: `${100 * chances[model]}%` }}
              />
            </span>
            <span className="text-right tabular-nums">{formatPercent(chances[model])}</span>
            <span className="hidden sm:block">{answer && <Badge tone="accent">answer</Badge>}</span>
          </li>
        ))}
      </ul>
      <p className="text-xs text-muted">
        Measured on <code>tiny</code>: the base’s six most likely tokens. The key’s two answers (in colour) nearly tie
        in the base. In each copy one of them wins, as that copy’s secret bit says.
      </p>
    </div>
  )
}

function Choice({ name, chosen, choose }: { name: string; chosen: boolean; choose(): void }) {
  return (
    <button
      type="button"
      aria-pressed={chosen}
      onClick={choose}
      className={cn(
        'rounded-lg border px-3 py-1.5 text-sm transition-colors',
        chosen ? 'border-accent bg-accent-soft font-medium text-accent' : 'text-muted hover:bg-sunken',
      )}
    >
      {name}
    </button>
  )
}
