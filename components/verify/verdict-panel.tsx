import { Tip } from '@/components/ui/tip'
import { formatSeconds } from '@/lib/format/moments'
import { formatOdds, formatPercent } from '@/lib/format/odds'
import type { Outcome } from './ask-suspect'
import { Accused, Verdict } from './verdict'

/** The verdict on a suspect’s weights, with its error probability. */
export function VerdictPanel({ outcome }: { outcome: Outcome }) {
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

function Check({ verdict }: { verdict: Extract<Outcome['verdict'], { kind: 'copy' }> }) {
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

function Traced({ verdict }: { verdict: Extract<Outcome['verdict'], { kind: 'model' }> }) {
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
