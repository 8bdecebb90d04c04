import { Column, NumberCell, Table } from '@/components/ui/table'
import { Amount } from '@/components/values/amount'
import { Hash } from '@/components/values/hash'
import { Time } from '@/components/values/time'
import type { HostedCopy as Hosted } from '@/lib/market/read/views'

/** The newest epochs that were reported, and what each costs the host. */
export function Reports({ reports }: Pick<Hosted, 'reports'>) {
  return (
    <Table
      label="Reports"
      head={
        <>
          <Column>Epoch</Column>
          <Column number>Answers</Column>
          <Column number>Tokens</Column>
          <Column number>Fee</Column>
          <Column>When</Column>
          <Column>Transaction</Column>
        </>
      }
    >
      {reports.slice(0, 12).map(({ epoch, receipts, units, fee, at, tx }) => (
        <tr key={tx}>
          <td>{epoch}</td>
          <NumberCell>{receipts.toString()}</NumberCell>
          <NumberCell>{units.toString()}</NumberCell>
          <NumberCell>
            <Amount value={fee} />
          </NumberCell>
          <td>
            <Time at={at} precise />
          </td>
          <td>
            <Hash value={tx} label="transaction hash" />
          </td>
        </tr>
      ))}
    </Table>
  )
}

/** The newest settlements: what vouchers brought, and what of it paid fees. */
export function Payments({ payments }: Pick<Hosted, 'payments'>) {
  return (
    <Table
      label="Settlements"
      head={
        <>
          <Column>When</Column>
          <Column number>Tokens</Column>
          <Column number>For fees</Column>
          <Column number>Yours</Column>
          <Column>Transaction</Column>
        </>
      }
    >
      {payments.slice(0, 12).map(({ units, fees, earned, at, tx }) => (
        <tr key={tx}>
          <td>
            <Time at={at} precise />
          </td>
          <NumberCell>{units.toString()}</NumberCell>
          <NumberCell>
            <Amount value={fees} />
          </NumberCell>
          <NumberCell>
            <Amount value={earned} />
          </NumberCell>
          <td>
            <Hash value={tx} label="transaction hash" />
          </td>
        </tr>
      ))}
    </Table>
  )
}
