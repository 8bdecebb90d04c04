'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Panel } from '@/components/ui/card'
import { Check } from '@/components/ui/icons'
import { Minus, X } from '@/components/ui/page-icons'
import { Column, Table } from '@/components/ui/table'
import { focusIfLost } from '@/lib/browser/focus-news'
import type { KeyAnswer } from '@/lib/fingerprint/verify'
import type { Outcome } from './ask-suspect'

const firstRows = 24

/** Every key with its prompt, its two answers and the actual one. */
export function KeyTable({ outcome: { answers, verdict, keySet, tokenizer } }: { outcome: Outcome }) {
  const [all, setAll] = useState(false)
  const entries = new Map(keySet.keys.map((key) => [key.index, key]))
  const expected = new Map(
    verdict.kind === 'copy'
      ? keySet.keys.map(({ index, pair }, i) => [index, verdict.keySet.responses[i] === pair[0] ? 1 : -1])
      : [],
  )
  const rows = all ? answers : answers.slice(0, firstRows)
  return (
    <Panel
      title="Results by key"
      note={
        tokenizer
          ? 'Prompts are asked as text, with the tokenizer of the folder.'
          : 'The folder has no tokenizer.json, so prompts are asked and shown as token ids.'
      }
    >
      <Table
        label="Keys"
        head={
          <>
            <Column>#</Column>
            <Column>Prompt</Column>
            <Column>Two answers</Column>
            <Column>Actual</Column>
            <Column>Result</Column>
          </>
        }
      >
        {rows.map((key) => {
          const entry = entries.get(key.index)
          return (
            <tr key={key.index}>
              <td className="tabular-nums text-muted">{key.index}</td>
              <td className="max-w-96 min-w-64 text-xs wrap-anywhere">
                {tokenizer ? tokenizer.decode(key.ids) : key.ids.join(' ')}
              </td>
              <td className="space-x-1 font-mono text-xs">
                {(entry?.text?.answers ?? entry?.pair ?? []).map((answer) => (
                  <span key={answer} className="rounded bg-sunken px-1 py-0.5 whitespace-pre">
                    {answer}
                  </span>
                ))}
              </td>
              <td className="font-mono text-xs">
                <span className="rounded bg-sunken px-1 py-0.5 whitespace-pre" title={`token ${key.answered}`}>
                  {(tokenizer?.decode([key.answered]) ?? '') || `#${key.answered}`}
                </span>
              </td>
              <td>
                <Result answer={key} expected={expected.get(key.index)} />
                {key.disclosed && keySet.kind === 'owner' && <span className="ml-2 text-xs text-muted">disclosed</span>}
              </td>
            </tr>
          )
        })}
      </Table>
      {answers.length > rows.length ? (
        <Button variant="secondary" size="small" className="mt-4" onClick={() => setAll(true)}>
          Show all {answers.length} keys
        </Button>
      ) : (
        <p ref={all ? focusIfLost : null} tabIndex={-1} className="mt-4 text-sm text-muted">
          All {answers.length} keys are shown.
        </p>
      )}
    </Panel>
  )
}

function Result({ answer: { vote }, expected }: { answer: KeyAnswer; expected?: number }) {
  if (vote === 0)
    return (
      <span className="inline-flex items-center gap-1 text-muted">
        <X className="size-4" /> neither
      </span>
    )
  if (expected !== undefined && vote !== expected)
    return (
      <span className="inline-flex items-center gap-1 text-warning">
        <Minus className="size-4" /> the other answer
      </span>
    )
  return (
    <span className="inline-flex items-center gap-1 text-verified">
      <Check className="size-4" /> {expected === undefined ? (vote === 1 ? 'first' : 'second') : 'matches'}
    </span>
  )
}
