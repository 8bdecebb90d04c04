import { Badge } from '@/components/ui/badge'
import { Panel } from '@/components/ui/card'
import { Fact, Facts } from '@/components/ui/facts'
import { Link } from '@/components/ui/link'
import { Column, NumberCell, Table } from '@/components/ui/table'
import { Tip } from '@/components/ui/tip'
import { Amount } from '@/components/values/amount'
import { Figure } from '@/components/values/figure'
import { Hash } from '@/components/values/hash'
import { Name } from '@/components/values/name'
import { Time } from '@/components/values/time'
import { epochsPaid, usualUnits } from '@/lib/chain/host-alerts'
import { formatUsdc } from '@/lib/format/amounts'
import { formatDuration } from '@/lib/format/times'
import type { HostedCopy as Hosted } from '@/lib/market/read/views'
import { AlertList } from './alert-list'
import { BarChart } from './bar-chart'
import { CloseDeployment } from './close-deployment'
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

function Deployments({ deployments }: Pick<Hosted, 'deployments'>) {
  return (
    <Table
      label="Deployments"
      head={
        <>
          <Column>Address</Column>
          <Column number>Price</Column>
          <Column>State</Column>
          <Column>Since</Column>
          <Column>
            <span className="sr-only">Actions</span>
          </Column>
        </>
      }
    >
      {deployments.map(({ copyId, number, url, price, open, openedAt, record, origin }) => (
        <tr key={number}>
          <td className="min-w-48 wrap-anywhere">
            <Name>{url}</Name>
          </td>
          <NumberCell>
            <Amount value={price} />
          </NumberCell>
          <td className="whitespace-nowrap">
            <Badge tone={!open ? 'plain' : record?.problem ? 'warning' : record ? 'verified' : 'plain'}>
              {!open ? 'closed' : record?.problem ? 'no good answer' : record ? 'answers' : 'not checked yet'}
            </Badge>
          </td>
          <td>
            <Time at={openedAt} precise />
          </td>
          <td className="text-right">
            {open && (
              <span className="inline-flex items-center gap-3">
                {origin && (
                  // The page’s policy lets it call this gateway, so it is loaded anew.
                  <a href={`/hosting/${copyId}/${number}`} className="underline underline-offset-4">
                    Live
                  </a>
                )}
                <CloseDeployment copyId={copyId} number={number} />
              </span>
            )}
          </td>
        </tr>
      ))}
    </Table>
  )
}

const outcomes = { open: 'open', answered: 'answered: the receipt is in the report', convicted: 'lost' }
const outcomeTones = { open: 'danger', answered: 'verified', convicted: 'danger' } as const

function Challenges({ challenges }: Pick<Hosted, 'challenges'>) {
  if (challenges.length === 0) return <p className="text-sm text-muted">None.</p>
  return (
    <Table
      label="Challenges"
      head={
        <>
          <Column>Receipt</Column>
          <Column>Opened</Column>
          <Column>What came of it</Column>
          <Column>Transaction</Column>
        </>
      }
    >
      {challenges.map(({ epoch, index, at, state, tx, endTx }) => (
        <tr key={tx}>
          <td className="whitespace-nowrap">
            {index} of epoch {epoch}
          </td>
          <td>
            <Time at={at} precise />
          </td>
          <td>
            <Badge tone={outcomeTones[state]}>{outcomes[state]}</Badge>
          </td>
          <td>
            <Hash value={endTx ?? tx} label="transaction hash" />
          </td>
        </tr>
      ))}
    </Table>
  )
}
