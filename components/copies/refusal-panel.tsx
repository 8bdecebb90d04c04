'use client'

import { Callout } from '@/components/ui/callout'
import { Panel } from '@/components/ui/card'
import { Amount } from '@/components/values/amount'
import { Time } from '@/components/values/time'
import type { CopyView } from '@/lib/market/read/views'
import { RefusalForm } from './refusal-form'
import { reasonTexts } from './refusal-reasons'

/** Refusing a delivery, and what became of it. */
export function RefusalPanel({ copy, isBuyer }: { copy: CopyView; isBuyer: boolean }) {
  if (copy.state === 'delivered') return isBuyer ? <RefusalForm copy={copy} /> : null
  if (!copy.refusal) return null
  const { reason, evidence } = copy.refusal
  return (
    <Panel title="Refusal">
      <div className="space-y-3 text-sm">
        <p>
          {isBuyer ? 'You refused' : 'The buyer refused'} this delivery: {reasonTexts[reason].short}.
          {evidence && <span className="mt-1 block text-muted wrap-anywhere">“{evidence}”</span>}
        </p>
        <Outcome copy={copy} />
      </div>
    </Panel>
  )
}

function Outcome({ copy }: { copy: CopyView }) {
  const until = copy.answerDeadline && <Time at={copy.answerDeadline} precise />
  const penalty = <Amount value={copy.penalty} />
  switch (copy.state) {
    case 'refused':
      return (
        <Callout>
          The minter may deliver again, give the money back or stand by its delivery until {until}. If it does not
          answer, everything is refunded except the leak bond, and it pays {penalty}.
        </Callout>
      )
    case 'defended':
      return (
        <Callout tone="warning">
          The minter stands by its delivery. A case can be opened until {until}; then a panel of provers decides, and
          the loser pays. Without a case, the delivery counts as accepted.
        </Callout>
      )
    case 'contested':
      return <Callout>A panel of provers decides. Nothing moves until it has ruled.</Callout>
    case 'refunded':
      return (
        <Callout tone="verified">
          The money went back to the buyer, except the leak bond. The minter paid a penalty of {penalty}: it is credited
          under Earnings.
        </Callout>
      )
    default:
      return <Callout>The delivery was accepted after all.</Callout>
  }
}
