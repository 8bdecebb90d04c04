import { Panel } from '@/components/ui/card'
import { Fact, Facts } from '@/components/ui/facts'
import { Link } from '@/components/ui/link'
import { Tip } from '@/components/ui/tip'
import { Amount } from '@/components/values/amount'
import { Figure } from '@/components/values/figure'
import { Time } from '@/components/values/time'
import { epochsPaid, usualUnits } from '@/lib/chain/host-alerts'
import { formatUsdc } from '@/lib/format/amounts'
import { formatDuration } from '@/lib/format/times'
import type { HostedCopy as Hosted } from '@/lib/market/read/views'
import { AlertList } from './alert-list'
import { BarChart } from './bar-chart'
import { Challenges } from './challenges'
import { Deployments } from './deployments'
import { PrepayFees } from './prepay-fees'
import { Payments, Reports } from './usage-tables'

type Props = { copy: Hosted; time: number; epochLength: number }

/** One copy that is served: what it brings, what covers it, and what needs attention. */
export function HostedCopy({ copy, time, epochLength }: Props) {
  const { copyId, model, deployments, reports, payments, challenges } = copy
  return (
    <Panel
      title={`Copy ${copyId} of ${model.name}`}
      aside={
        <Link href={`/copies/${copyId}`} className="text-sm underline underline-offset-4">
          The copy
        </Link>
      }
    >
      <AlertList copy={copy} />
      <div className="grid gap-6 md:grid-cols-2">
        <Charts copy={copy} />
      </div>
      <div className="mt-6 grid gap-x-10 gap-y-6 md:grid-cols-2">
        <Cover copy={copy} time={time} epochLength={epochLength} />
        <Margin copy={copy} />
      </div>
      <h3 className="mt-8 mb-2 text-sm font-semibold">Deployments</h3>
      <Deployments deployments={deployments} />
      <h3 className="mt-8 mb-2 text-sm font-semibold">Reports</h3>
      {reports.length === 0 ? (
        <p className="text-sm text-muted">
          None yet. The gateway reports each epoch after its end: the running one ends in{' '}
          {formatDuration(epochLength - (time % epochLength))}.
        </p>
      ) : (
        <Reports reports={reports} />
      )}
      {payments.length > 0 && (
        <>
          <h3 className="mt-8 mb-2 text-sm font-semibold">Settlements</h3>
          <Payments payments={payments} />
        </>
      )}
      <h3 className="mt-8 mb-2 text-sm font-semibold">Challenges</h3>
      <Challenges challenges={challenges} />
    </Panel>
  )
}

function Charts({ copy: { reports, payments } }: { copy: Hosted }) {
  const shown = reports.slice(0, 24).reverse()
  const paid = payments.slice(0, 24).reverse()
  const sum = (values: bigint[]) => values.reduce((all, value) => all + value, 0n)
  const ends = (items: { at: number }[]) => ({
    from: items.length > 0 && <Time at={items[0].at} precise />,
    to: items.length > 1 && <Time at={items[items.length - 1].at} precise />,
  })
  return (
    <>
      <BarChart
        title="Tokens of each epoch"
        total={<Figure count={Number(sum(shown.map(({ units }) => units)))} />}
        bars={shown.map(({ epoch, units }) => ({ label: `Epoch ${epoch}: ${units} tokens`, value: Number(units) }))}
        {...ends(shown)}
        empty="No epoch was reported yet."
      />
      <BarChart
        title="Money of each settlement, after fees"
        total={<Amount value={sum(paid.map(({ earned }) => earned))} />}
        bars={paid.map(({ at, earned, tx }) => ({
          label: `${new Date(at * 1000).toISOString()}: ${formatUsdc(earned)} USDC (${tx.slice(0, 10)})`,
          value: Number(earned),
        }))}
        {...ends(paid)}
        empty="No voucher was settled yet."
      />
    </>
  )
}

function Cover({ copy, time, epochLength }: Props) {
  const { escrow, collateral, locked, owed, unitsCovered } = copy
  const epochs = epochsPaid(copy)
  const usual = usualUnits(copy)
  return (
    <>
      <Facts>
        <Fact name="This epoch ends in">{formatDuration(epochLength - (time % epochLength))}</Fact>
        <Fact
          name={
            <>
              Prepaid fees{' '}
              <Tip label="How long prepaid fees last">
                Divided by the fee of the largest of the last three reports. Without prepaid fees, your users’ vouchers
                pay.
              </Tip>
            </>
          }
        >
          <Amount value={escrow} />
          <span className="block text-xs text-muted">
            {escrow === 0n
              ? 'your users’ vouchers pay'
              : epochs === null
                ? 'nothing reported yet'
                : `${epochs} epochs like the last ones`}
          </span>
        </Fact>
        {owed > 0n && (
          <Fact name="Owed">
            <Amount value={owed} />
          </Fact>
        )}
        <Fact name="Collateral">
          <Amount value={collateral} />
          <span className="block text-xs text-muted">
            <Amount value={locked} /> locked for reports
          </span>
        </Fact>
        <Fact
          name={
            <>
              The next report may state{' '}
              <Tip label="What a report may state">
                Ten times the fee of a report is locked in the collateral for a thaw. The gateway answers no more than
                that.
              </Tip>
            </>
          }
        >
          <Figure count={Number(unitsCovered)} /> tokens
          <span className="block text-xs text-muted">
            {usual === 0n ? 'nothing reported yet' : `${unitsCovered / usual} times the largest of the last three`}
          </span>
        </Fact>
      </Facts>
      <PrepayFees copyId={copy.copyId} />
    </>
  )
}

function Margin({ copy: { fee, deployments } }: { copy: Hosted }) {
  const open = deployments.filter((deployment) => deployment.open)
  return (
    <Facts>
      <Fact name="Fee to the model, for a million tokens">
        <Amount value={fee} />
      </Fact>
      {open.map(({ number, price }) => (
        <Fact key={number} name={`Your margin at deployment ${number}`} strong>
          <Amount value={price - fee} />
          {price > 0n && (
            <span className="block text-xs font-normal text-muted">
              <Figure bps={Number(((price - fee) * 10_000n) / price)} /> of <Amount value={price} />
            </span>
          )}
        </Fact>
      ))}
    </Facts>
  )
}
