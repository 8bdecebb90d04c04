import { Callout } from '@/components/ui/callout'
import { Account } from '@/components/values/account'
import { Amount } from '@/components/values/amount'
import type { GuardedLaunch } from '@/lib/market/read/views'

/** Says that the launch is guarded, and who is trusted meanwhile. Nothing once it has ended. */
export function GuardedNotice({ launch }: { launch: GuardedLaunch }) {
  if (!launch.guarded) return null
  return (
    <Callout tone="warning" className="mb-6">
      <strong>Guarded launch.</strong> Until the protocol’s governance ends it, for good: governance admits provers, one
      case takes at most <Amount value={launch.caseCap} />, and the council{' '}
      <Account address={launch.council} label="council’s address" /> may annul a conviction within one case window. It
      can do nothing else.
    </Callout>
  )
}
