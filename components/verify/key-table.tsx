'use client'

import { Check, Minus, X } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Panel } from '@/components/ui/card'
import { Table } from '@/components/ui/table'
import type { TextTokenizer } from '@/lib/weights/text/tokenizer'
import { expectedAnswers } from './expected-answers'
import type { Outcome } from './use-verify'

const firstRows = 24

function promptText(ids: number[], tokenizer: TextTokenizer | null): string {
  return tokenizer ? tokenizer.decode(ids) : ids.join(' ')
}

/** Every key with its prompt, the expected and the actual answer. */
export function KeyTable({ outcome: { verdict, keySet, tokenizer } }: { outcome: Outcome }) {
  const [all, setAll] = useState(false)
  const expected = expectedAnswers(keySet, verdict.copyId ?? verdict.accused[0]?.copyId ?? null)
  const rows = all ? verdict.keys : verdict.keys.slice(0, firstRows)
  return (
    <Panel
      title="Results by key"
      note={
        tokenizer
          ? 'Prompts are decoded with the model’s tokenizer.'
          : 'The folder has no tokenizer.json, so prompts are shown as token ids.'
      }
    >
      <Table
        label="Keys"
        head={
          <>
            <th scope="col">#</th>
            <th scope="col">Prompt</th>
            <th scope="col">Expected</th>
            <th scope="col">Actual</th>
            <th scope="col">Result</th>
          </>
        }
      >
        {rows.map((key, i) => (
          <tr key={key.index}>
            <td className="tabular-nums text-muted">{key.index}</td>
            <td className="max-w-96 min-w-64 text-xs wrap-anywhere">{promptText(key.ids, tokenizer)}</td>
            <td className="font-mono text-xs">{expected ? <Token id={expected[i]} tokenizer={tokenizer} /> : '—'}</td>
            <td className="font-mono text-xs">
              <Token id={key.answered} tokenizer={tokenizer} />
            </td>
            <td>
              <Result matches={expected ? key.answered === expected[i] : null} candidate={key.matched !== null} />
              {key.disclosed && keySet.kind === 'owner' && <span className="ml-2 text-xs text-muted">disclosed</span>}
            </td>
          </tr>
        ))}
      </Table>
      {verdict.keys.length > rows.length && (
        <Button variant="secondary" size="small" className="mt-4" onClick={() => setAll(true)}>
          Show all {verdict.keys.length} keys
        </Button>
      )}
    </Panel>
  )
}

function Token({ id, tokenizer }: { id: number; tokenizer: TextTokenizer | null }) {
  if (!tokenizer) return id
  return (
    <span className="rounded bg-sunken px-1 py-0.5 whitespace-pre" title={`token ${id}`}>
      {tokenizer.decode([id]) || `#${id}`}
    </span>
  )
}

function Result({ matches, candidate }: { matches: boolean | null; candidate: boolean }) {
  if (matches || (matches === null && candidate))
    return (
      <span className="inline-flex items-center gap-1 text-verified">
        <Check className="size-4" aria-hidden="true" /> {matches ? 'matches' : 'a candidate'}
      </span>
    )
  if (candidate)
    return (
      <span className="inline-flex items-center gap-1 text-warning">
        <Minus className="size-4" aria-hidden="true" /> another candidate
      </span>
    )
  return (
    <span className="inline-flex items-center gap-1 text-muted">
      <X className="size-4" aria-hidden="true" /> no candidate
    </span>
  )
}
