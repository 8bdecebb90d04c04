'use client'

import { useQuery } from '@tanstack/react-query'
import { Fingerprint, UserRoundSearch } from 'lucide-react'
import Link from 'next/link'
import { copyQueryOptions } from '@/components/copies/copy-query-options'
import { Card } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import { Tip } from '@/components/ui/tip'
import { Account } from '@/components/values/account'
import { formatOdds, formatPercent } from '@/lib/format/odds'
import { formatSeconds } from '@/lib/format/times'
import { expectedAnswers } from './expected-answers'
import type { Outcome } from './use-verify'

/** The verdict with its error probability. */
export function VerdictPanel({ outcome }: { outcome: Outcome }) {
  const { verdict, keySet, subject, backendLabel, fallback, seconds } = outcome
  const name = subject.name
  const expected = expectedAnswers(keySet, verdict.copyId ?? verdict.accused[0]?.copyId ?? null)
  const matching = expected ? verdict.keys.filter((key, i) => key.answered === expected[i]).length : null
  return (
    <Card
      aria-label="Verdict"
      className={cn('overflow-hidden border-l-4', verdict.ours ? 'border-l-verified' : 'border-l-border-strong')}
    >
      <div className="space-y-4 p-5 sm:p-6" role="status">
        <h2 className="flex items-center gap-2 text-xl font-semibold tracking-tight">
          <Fingerprint className={cn('size-6', verdict.ours ? 'text-verified' : 'text-muted')} aria-hidden="true" />
          {verdict.ours ? `This is a fingerprinted copy of ${name}` : `This is not a fingerprinted copy of ${name}`}
        </h2>
        <p className="max-w-prose text-sm text-muted">
          {verdict.hits} of {verdict.tested} keys were answered with a candidate response.{' '}
          {verdict.ours
            ? `The chance that a model without fingerprints scores this high is at most ${formatOdds(verdict.pValue)}.`
            : `A model without fingerprints scores this high with a chance of ${verdict.pValue.toPrecision(2)}; a positive verdict requires 1 in a billion.`}{' '}
          <Tip label="How this is calculated">
            Exact one-sided binomial tail of {verdict.hits} hits in {verdict.tested} keys, at a chance of{' '}
            {formatPercent(verdict.nullRate)} per key: the highest rate measured on related models without fingerprints.
          </Tip>
        </p>
        {matching !== null && (
          <p className="text-sm">
            <span className="text-2xl font-semibold tabular-nums">{formatPercent(matching / verdict.keys.length)}</span>{' '}
            <span className="text-muted">
              of all keys ({matching} of {verdict.keys.length}) match this copy exactly.
            </span>
          </p>
        )}
        <Attribution outcome={outcome} />
        <p className="text-xs text-muted">
          {verdict.keys.length} keys on {backendLabel} in {formatSeconds(seconds)}, in this browser.
          {fallback && ` ${fallback}`}
        </p>
      </div>
    </Card>
  )
}

function Attribution({ outcome: { verdict, keySet } }: { outcome: Outcome }) {
  if (keySet.kind === 'disclosed')
    return (
      <p className="text-sm text-muted">
        The disclosed keys match the fingerprint root of copy {keySet.copyId}. Only the model’s owner, who has all keys,
        can tell copies apart.
      </p>
    )
  if (verdict.accused.length === 0)
    return (
      <p className="flex items-start gap-2 text-sm">
        <UserRoundSearch className="mt-0.5 size-4 shrink-0 text-muted" aria-hidden="true" />
        <span>
          <strong>No copy</strong> can be named: no codeword stands out.
        </span>
      </p>
    )
  return (
    <ul aria-label="Traced copies" className="space-y-2">
      {verdict.accused.map(({ copyId, falseAccusation }) => (
        <li key={copyId} className="flex items-start gap-2 text-sm">
          <UserRoundSearch className="mt-0.5 size-4 shrink-0 text-accent" aria-hidden="true" />
          <span>
            Traced to{' '}
            <Link href={`/copies/${copyId}`} className="font-semibold underline underline-offset-4">
              copy {copyId}
            </Link>
            <Buyer copyId={copyId} />. The chance of naming an innocent copy is at most {formatOdds(falseAccusation)}.
          </span>
        </li>
      ))}
    </ul>
  )
}

function Buyer({ copyId }: { copyId: string }) {
  const { data } = useQuery(copyQueryOptions(copyId))
  return (
    data && (
      <>
        , bought by <Account address={data.buyer} label="buyer’s address" />
      </>
    )
  )
}
