import { Panel } from '@/components/ui/card'
import { Link } from '@/components/ui/link'
import { Column, NumberCell, Table } from '@/components/ui/table'
import { Tip } from '@/components/ui/tip'
import { Amount } from '@/components/values/amount'
import { Figure } from '@/components/values/figure'
import { Name } from '@/components/values/name'
import { Time } from '@/components/values/time'
import type { Earnings } from '@/lib/market/read/views'

export function ByModel({ earnings }: { earnings: Earnings }) {
  return (
    <Panel title="By model">
      <Table
        label="Earnings by model"
        head={
          <>
            <Column>Model</Column>
            <Column number>Your shares</Column>
            <Column number>Claimable</Column>
            <Column number>
              Accruing{' '}
              <Tip label="What accruing means">
                What a payment earns in one epoch becomes claimable evenly over the next, for whoever holds the shares
                then.
              </Tip>
            </Column>
            <Column number>Claimed</Column>
          </>
        }
      >
        {earnings.models.map((model) => (
          <tr key={model.id}>
            <td className="min-w-40">
              <Link href={`/models/${model.id}`} className="font-medium underline-offset-4 hover:underline">
                <Name>{model.name}</Name>
              </Link>
            </td>
            <NumberCell>
              <Figure shares={model.shares} />
            </NumberCell>
            <NumberCell>
              <Amount value={model.claimable} />
            </NumberCell>
            <NumberCell>
              <Amount value={model.accruing} />
              {model.accruesUntil !== null && (
                <span className="block text-xs text-muted">
                  until <Time at={model.accruesUntil} precise />
                </span>
              )}
            </NumberCell>
            <NumberCell>
              <Amount value={model.claimed} />
            </NumberCell>
          </tr>
        ))}
        {earnings.credit > 0n && (
          <tr>
            <td className="text-muted">Credited to your account: cuts, refunds and penalties</td>
            <td />
            <NumberCell>
              <Amount value={earnings.credit} />
            </NumberCell>
            <td />
            <td />
          </tr>
        )}
      </Table>
    </Panel>
  )
}
