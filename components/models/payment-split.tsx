import { cn } from '@/components/ui/cn'
import { Amount } from '@/components/values/amount'
import { Name } from '@/components/values/name'
import type { ModelId } from '@/lib/chain/ids'
import { formatUsdc } from '@/lib/format/amounts'
import { formatPercent } from '@/lib/format/odds'
import { type Ancestor, type Cuts, splitDown } from '@/lib/money/split'
import type { Usdc6 } from '@/lib/money/usdc'

type Line = { key: string; name: string; amount: Usdc6; tone: string }

/** How one payment is split, to the unit (docs/protocol.md, Money). */
export function PaymentSplit({
  price,
  cuts,
  ancestors,
  entered = [],
  holders = 'Shareholders',
}: {
  price: Usdc6
  cuts: Cuts
  ancestors: (Ancestor<ModelId> & { name: string })[]
  entered?: (Ancestor<ModelId> & { name: string })[]
  holders?: string
}) {
  const split = splitDown(price, cuts, ancestors, entered)
  const lines: Line[] = [
    { key: 'holders', name: holders, amount: split.shares + split.dust, tone: 'bg-accent' },
    ...split.ancestors.map(({ amount }, i) => ({
      key: `ancestor ${ancestors[i].id}`,
      name: `${ancestors[i].name}, as ancestor`,
      amount,
      tone: 'bg-verified',
    })),
    ...split.entered.map(({ amount }, i) => ({
      key: `entered ${entered[i].id}`,
      name: `${entered[i].name}, entered by a court`,
      amount,
      tone: 'bg-verified',
    })),
    { key: 'minter', name: 'Minter', amount: split.minter, tone: 'bg-border-strong' },
    { key: 'provers', name: 'Provers', amount: split.provers, tone: 'bg-border-strong' },
    { key: 'protocol', name: 'Protocol', amount: split.protocol, tone: 'bg-border-strong' },
  ]
  const shareOf = (amount: Usdc6) => (price === 0n ? 0 : Number((amount * 10_000n) / price) / 10_000)
  return (
    <div>
      <div aria-hidden="true" className="mb-3 flex h-2 gap-0.5 overflow-hidden rounded-full bg-sunken">
        {lines.map((line) => (
          <div key={line.key} className={line.tone} style={{ flexGrow: shareOf(line.amount) }} />
        ))}
      </div>
      <ul aria-label={`Split of ${formatUsdc(price)} USDC`} className="space-y-1.5 text-sm">
        {lines.map((line) => (
          <li key={line.key} className="flex items-baseline gap-2">
            <span aria-hidden="true" className={cn('mt-1.5 size-2 shrink-0 self-start rounded-full', line.tone)} />
            <Name className="min-w-0 flex-1">{line.name}</Name>
            <span className="text-xs tabular-nums text-muted">{formatPercent(shareOf(line.amount))}</span>
            <Amount value={line.amount} unit={false} className="min-w-16 text-right" />
          </li>
        ))}
      </ul>
    </div>
  )
}
