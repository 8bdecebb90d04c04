import { Callout } from '@/components/ui/callout'
import { Amount } from '@/components/values/amount'
import { Figure } from '@/components/values/figure'
import { Time } from '@/components/values/time'
import { type Alert, alertsOf } from '@/lib/chain/host-alerts'
import type { HostedCopy } from '@/lib/market/read/views'

export function AlertList({ copy }: { copy: HostedCopy }) {
  const alerts = alertsOf(copy)
  if (alerts.length === 0) return null
  return (
    <div className="mb-5 space-y-2">
      {alerts.map((alert, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no other name, and the list is made anew each time
        <Callout key={i} tone={alert.kind === 'convicted' || alert.kind === 'challenged' ? 'danger' : 'warning'}>
          <Text alert={alert} />
        </Callout>
      ))}
    </div>
  )
}

function Text({ alert }: { alert: Alert }) {
  switch (alert.kind) {
    case 'convicted':
      return 'A challenge was lost and the collateral with it: this copy cannot be served any more.'
    case 'challenged':
      return (
        <>
          A receipt was challenged as missing. The gateway answers by itself while it runs; the time for it ends{' '}
          <Time at={alert.until} precise />, and an answer that is missing costs the collateral.
        </>
      )
    case 'owed':
      return (
        <>
          You owe <Amount value={alert.owed} /> in fees. The next vouchers pay it first
          {alert.until !== null && (
            <>
              ; what is left after <Time at={alert.until} precise /> is taken from the collateral
            </>
          )}
          . Prepay fees to settle it now.
        </>
      )
    case 'collateral':
      return (
        <>
          The collateral covers a report of <Figure count={Number(alert.unitsCovered)} /> tokens, and you served up to{' '}
          <Figure count={Number(alert.usual)} /> in an epoch lately. Add collateral, or the gateway will stop answering
          before it exceeds that.
        </>
      )
    case 'escrow':
      return (
        <>
          The prepaid fees of <Amount value={alert.escrow} /> do not pay another epoch like the last ones, which cost{' '}
          <Amount value={alert.needed} />. What is missing will be owed, and your users’ vouchers pay it.
        </>
      )
    case 'unreachable':
      return `Deployment ${alert.number} gave the market’s prober no good answer at the last check.`
    case 'loss':
      return (
        <>
          Deployment {alert.number} asks <Amount value={alert.price} /> for a million tokens, and you owe the model{' '}
          <Amount value={alert.fee} />: every answer costs you money.
        </>
      )
  }
}
