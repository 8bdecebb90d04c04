import { Panel } from '@/components/ui/card'
import { Link } from '@/components/ui/link'
import { Column, NumberCell, Table } from '@/components/ui/table'
import { Amount } from '@/components/values/amount'
import { Hash } from '@/components/values/hash'
import { Name } from '@/components/values/name'
import { Time } from '@/components/values/time'
import type { EarningLine } from '@/lib/market/read/views'

function Source({ source }: { source: EarningLine['source'] }) {
  switch (source.kind) {
    case 'copy':
      return <Link href={`/copies/${source.copyId}`}>Sale of copy {source.copyId}</Link>
    case 'royalty':
      return (
        <>
          Royalty from{' '}
          <Link href={`/models/${source.descendant.id}`}>
            <Name>{source.descendant.name}</Name>
          </Link>
        </>
      )
    case 'usage':
      return 'Fees for served tokens'
    case 'payment':
      return 'Payment'
  }
}

export function Ledger({ lines }: { lines: EarningLine[] }) {
  return (
    <Panel title="Ledger" note="What the shareholders of your models earned, newest first.">
      {lines.length === 0 ? (
        <p className="text-sm text-muted">No payments yet.</p>
      ) : (
        <Table
          label="Ledger entries"
          className="[&_td_a]:underline-offset-4 [&_td_a:hover]:underline"
          head={
            <>
              <Column>When</Column>
              <Column>Model</Column>
              <Column>Source</Column>
              <Column number>Amount</Column>
              <Column>Transaction</Column>
            </>
          }
        >
          {lines.map((line) => (
            <tr key={`${line.tx}-${line.model.id}-${line.source.kind}`}>
              <td className="text-muted">
                <Time at={line.at} precise />
              </td>
              <td className="min-w-40">
                <Name>{line.model.name}</Name>
              </td>
              <td className="min-w-40">
                <Source source={line.source} />
              </td>
              <NumberCell>
                <Amount value={line.amount} />
              </NumberCell>
              <td>
                <Hash value={line.tx} label="transaction hash" />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  )
}
