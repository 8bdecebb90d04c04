import { Panel } from '@/components/ui/card'
import { Amount } from '@/components/values/amount'
import type { Hosting } from '@/lib/market/read/views'
import { HostedCopy } from './hosted-copy'
import { StartHosting } from './start-hosting'
import { WithdrawEarned } from './withdraw-earned'

/** Everything that an account hosts. */
export function HostingView({ hosting }: { hosting: Hosting }) {
  const { account, copies, balance, time, epochLength } = hosting
  const served = copies.filter(({ deployments }) => deployments.length > 0)
  const servable = copies.flatMap(({ copyId, model, lost }) => (lost ? [] : [{ copyId, name: model.name }]))
  return (
    <div className="space-y-6">
      {balance > 0n && (
        <Panel title="Earned as a host" note="Settled vouchers after fees, and what you deposited to ask others.">
          <div className="flex flex-wrap items-end justify-between gap-4">
            <p className="text-3xl font-semibold tracking-tight">
              <Amount value={balance} />
            </p>
            <WithdrawEarned account={account} balance={balance} />
          </div>
        </Panel>
      )}
      {served.map((copy) => (
        <HostedCopy key={copy.copyId} copy={copy} time={time} epochLength={epochLength} />
      ))}
      {served.length === 0 ? (
        <section aria-label="Start hosting">
          <p className="mb-4 max-w-prose text-muted">
            You serve nothing yet. Serve a copy, and its users pay you for every answer; the model’s creators get their
            fee out of it.
          </p>
          <StartHosting copies={servable} />
        </section>
      ) : (
        <details>
          <summary className="w-fit text-sm font-medium underline underline-offset-4">Start hosting another</summary>
          <div className="mt-4">
            <StartHosting copies={servable} />
          </div>
        </details>
      )}
    </div>
  )
}
