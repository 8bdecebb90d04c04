import { Payments, Reports } from '@/components/hosting/usage-tables'
import { Panel } from '@/components/ui/card'
import { Fact, Facts } from '@/components/ui/facts'
import { Amount } from '@/components/values/amount'
import { Figure } from '@/components/values/figure'
import { Time } from '@/components/values/time'
import type { CopyUsage } from '@/lib/market/read/views'

/** The reports and settlements of a served copy, which everybody may see: users, the model’s creator, courts. */
export function UsagePanel({ usage }: { usage: CopyUsage }) {
  const { reports, payments, fee, owed, owedUntil, escrow, locked, collateral, unitsCovered, epoch } = usage
  return (
    <Panel
      title="Usage"
      note="A host reports the tokens of each epoch after its end, and owes the model a fee for them. Vouchers of its users are settled up to what was reported."
    >
      <Facts>
        <Fact name="Running epoch">{epoch}</Fact>
        <Fact name="Last reported epoch">{reports.length > 0 ? reports[0].epoch : 'none yet'}</Fact>
        <Fact name="Fee to the model, for a million tokens">
          <Amount value={fee} />
        </Fact>
        <Fact name="Owed for reports">
          <Amount value={owed} />
          {owedUntil !== null && (
            <span className="block text-xs text-muted">
              taken from the collateral after <Time at={owedUntil} precise />
            </span>
          )}
        </Fact>
        <Fact name="Prepaid fees">
          <Amount value={escrow} />
        </Fact>
        <Fact name="Collateral locked for reports">
          <Amount value={locked} /> of <Amount value={collateral} />
        </Fact>
        <Fact name="The next report may state">
          <Figure count={Number(unitsCovered)} /> tokens
        </Fact>
      </Facts>
      {reports.length > 0 && (
        <>
          <h3 className="mt-6 mb-2 text-sm font-semibold">Reports</h3>
          <Reports reports={reports} />
        </>
      )}
      {payments.length > 0 && (
        <>
          <h3 className="mt-6 mb-2 text-sm font-semibold">Settlements</h3>
          <Payments payments={payments} />
        </>
      )}
    </Panel>
  )
}
