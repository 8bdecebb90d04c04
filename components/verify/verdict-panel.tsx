'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { copyQueryOptions } from '@/components/copies/copy-query-options'
import { Card } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import { Link } from '@/components/ui/link'
import { Fingerprint, UserRoundSearch } from '@/components/ui/page-icons'
import { Tip } from '@/components/ui/tip'
import { Account } from '@/components/values/account'
import { Figure } from '@/components/values/figure'
import { visitorsCopyId } from '@/lib/chain/ids'
import type { Accusation } from '@/lib/fingerprint/trace'
import { formatSeconds } from '@/lib/format/moments'
import { formatOdds, formatPercent } from '@/lib/format/odds'
import type { Asked } from './ask-suspect'
import type { Heard } from './hear-answers'

type Named = Pick<Accusation, 'copyId' | 'falseAccusation'>

/** The verdict on a suspect’s weights, with its error probability. */
export function VerdictPanel({ outcome }: { outcome: Asked }) {
  const { answers, verdict, subject, backendLabel, fallback, seconds } = outcome
  const positive = verdict.kind === 'copy' ? verdict.isCopy : verdict.accused.length > 0
  const title = positive
    ? `This is a fingerprinted copy of ${subject.name}`
    : `This is not shown to be a fingerprinted copy of ${subject.name}`
  return (
    <Verdict title={title} positive={positive}>
      {verdict.kind === 'copy' ? <Check verdict={verdict} /> : <Traced verdict={verdict} />}
      <p className="text-xs text-muted">
        {answers.length} keys on {backendLabel} in {formatSeconds(seconds)}, in this browser.
        {fallback && ` ${fallback}`}
      </p>
    </Verdict>
  )
}

/** Who wrote recorded answers. */
export function HeardPanel({ heard, name }: { heard: Heard; name: string }) {
  const { texts, tokens, withLogprobs, copies, accused } = heard
  const positive = accused.length > 0
  const title = positive
    ? `A fingerprinted copy of ${name} wrote these answers`
    : `These answers are not shown to be of a fingerprinted copy of ${name}`
  return (
    <Verdict title={title} positive={positive}>
      <p className="max-w-prose text-sm text-muted">
        <Figure count={tokens} /> tokens of <Figure count={texts} /> {texts === 1 ? 'answer' : 'answers'} were read,{' '}
        {withLogprobs === 0 ? (
          'without log probabilities'
        ) : (
          <>
            <Figure count={withLogprobs} /> of them with log probabilities
          </>
        )}
        . They were judged against the bits of {copies} {copies === 1 ? 'copy' : 'copies'}, where the copies are minted.{' '}
        <Tip label="How this is calculated">
          A copy’s bits are fair and secret, so text that was not written with them has no part in them, whatever wrote
          it. The bound is exact, and counted for all copies and all looks at the growing evidence together.
        </Tip>
      </p>
      <Accused accused={accused} />
      <p className="max-w-prose text-sm text-muted">
        {positive
          ? 'Answers say who wrote them, not where: a host can pass questions on to another’s endpoint.'
          : 'More answers say more. Those with the log probabilities of the 20 likeliest tokens say far more: ask the endpoint for them.'}
      </p>
    </Verdict>
  )
}

function Verdict({ title, positive, children }: { title: string; positive: boolean; children: ReactNode }) {
  return (
    <Card
      aria-label="Verdict"
      className={cn('overflow-hidden border-l-4', positive ? 'border-l-verified' : 'border-l-border-strong')}
    >
      <div className="space-y-4 p-5 sm:p-6" role="status">
        <h2 className="flex items-center gap-2 text-xl font-semibold tracking-tight">
          <Fingerprint className={cn('size-6', positive ? 'text-verified' : 'text-muted')} />
          {title}
        </h2>
        {children}
      </div>
    </Card>
  )
}

function Check({ verdict }: { verdict: Extract<Asked['verdict'], { kind: 'copy' }> }) {
  const { matching, answered, keys, pValue, isCopy, keySet } = verdict
  return (
    <>
      <p className="max-w-prose text-sm text-muted">
        <span className="text-2xl font-semibold text-text tabular-nums">
          {formatPercent(answered === 0 ? 0 : matching / answered)}
        </span>{' '}
        of the {answered} disclosed keys that were answered with one of their two answers ({matching} of {answered};{' '}
        {keys.length} asked) match this copy.{' '}
        {isCopy
          ? `The chance that another model matches as often is at most ${formatOdds(pValue)}.`
          : `Another model matches as often with a chance of ${pValue.toPrecision(2)}; a positive verdict requires 1 in a billion.`}{' '}
        <Tip label="How this is calculated">
          Each key’s answer was chosen by a fair secret bit. A model without this copy’s bits matches each with a chance
          of exactly one half, whatever the model is: an exact binomial tail.
        </Tip>
      </p>
      <p className="text-sm text-muted">
        The disclosed keys match the fingerprint root of copy {keySet.copyId}. A few of this copy’s keys may go the
        other way: the report states how many.
      </p>
    </>
  )
}

function Traced({ verdict }: { verdict: Extract<Asked['verdict'], { kind: 'model' }> }) {
  const { answered, tested, copies, accused } = verdict
  return (
    <>
      <p className="max-w-prose text-sm text-muted">
        {answered} of {tested} secret keys were answered with one of their two answers. These answers were judged
        against the bits of {copies} {copies === 1 ? 'copy' : 'copies'}, where the copies are minted.{' '}
        <Tip label="How this is calculated">
          A copy’s bits are fair and secret, so a model that is not made from it agrees with each at a chance of exactly
          one half, whatever the model is. The tail is exact, and counted for all copies together.
        </Tip>
      </p>
      <Accused accused={accused} />
    </>
  )
}

function Accused({ accused }: { accused: readonly Named[] }) {
  if (accused.length === 0)
    return (
      <p className="flex items-start gap-2 text-sm">
        <UserRoundSearch className="mt-0.5 size-4 shrink-0 text-muted" />
        <span>
          <strong>No copy</strong> can be named: none stands out.
        </span>
      </p>
    )
  return (
    <ul aria-label="Traced copies" className="space-y-2">
      {accused.map((each) => (
        <TracedCopy key={each.copyId} {...each} />
      ))}
    </ul>
  )
}

function TracedCopy({ copyId, falseAccusation }: Named) {
  return (
    <li className="flex items-start gap-2 text-sm">
      <UserRoundSearch className="mt-0.5 size-4 shrink-0 text-accent" />
      <span>
        Traced to{' '}
        {copyId === visitorsCopyId ? (
          <strong>the copy that visitors load</strong>
        ) : (
          <>
            <Link href={`/copies/${copyId}`} className="font-semibold underline underline-offset-4">
              copy {copyId}
            </Link>
            <Buyer copyId={copyId} />
          </>
        )}
        . The chance of naming an innocent copy is at most {formatOdds(falseAccusation)}.
      </span>
    </li>
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
