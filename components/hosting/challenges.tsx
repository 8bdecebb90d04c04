import { Badge } from '@/components/ui/badge'
import { Column, Table } from '@/components/ui/table'
import { Hash } from '@/components/values/hash'
import { Time } from '@/components/values/time'
import type { HostedCopy } from '@/lib/market/read/views'

const outcomes = { open: 'open', answered: 'answered: the receipt is in the report', convicted: 'lost' }
const outcomeTones = { open: 'danger', answered: 'verified', convicted: 'danger' } as const

/** The receipts that a host was challenged about. */
export function Challenges({ challenges }: Pick<HostedCopy, 'challenges'>) {
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
