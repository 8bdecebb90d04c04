'use client'

import { PaymentSplit } from '@/components/models/payment-split'
import { Panel } from '@/components/ui/card'
import { Skeleton } from '@/components/ui/page'
import { Amount } from '@/components/values/amount'
import { useCuts } from '@/components/wallet/use-cuts'
import type { ModelId } from '@/lib/chain/ids'
import { maxRoyaltyBps } from '@/lib/chain/obligations'
import type { Terms } from '@/lib/chain/terms'
import type { ModelSummary } from '@/lib/market/read/views'
import { type Ancestor, totalBps } from '@/lib/money/split'

const examplePayment = 100_000_000n

/** How one sale under these terms is split; for a free model, a payment of 100 USDC. */
export function Preview({
  terms,
  lineage,
  models,
}: {
  terms: Terms | null
  lineage: Ancestor<ModelId>[]
  models: ModelSummary[]
}) {
  const cuts = useCuts()
  const price = terms && terms.price > 0n ? terms.price : examplePayment
  const nameOf = (id: ModelId) => models.find((model) => model.id === id)?.name ?? `Model ${id}`
  const ancestors = lineage.map((ancestor) => ({ ...ancestor, name: nameOf(ancestor.id) }))
  return (
    <Panel
      title="How a payment is split"
      note={
        <>
          For a payment of <Amount value={price} />
        </>
      }
    >
      {cuts && totalBps(lineage) <= maxRoyaltyBps ? (
        <PaymentSplit price={price} cuts={cuts} ancestors={ancestors} holders="You (all shares)" />
      ) : (
        <Skeleton className="h-32" />
      )}
    </Panel>
  )
}
