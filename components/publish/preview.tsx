'use client'

import { PaymentSplit } from '@/components/models/payment-split'
import { Panel } from '@/components/ui/card'
import { Skeleton } from '@/components/ui/page'
import { useCuts } from '@/components/wallet/use-cuts'
import type { Terms } from '@/lib/chain/terms'
import { formatUsdc } from '@/lib/format/amounts'
import type { ModelSummary } from '@/lib/market/read/views'
import { maxRoyaltyBps, type ParentPick } from './terms-form'

const examplePayment = 100_000_000n

/** How one sale under these terms is split; for a free model, a payment of 100 USDC. */
export function Preview({
  terms,
  parents,
  models,
}: {
  terms: Terms | null
  parents: ParentPick[]
  models: ModelSummary[]
}) {
  const cuts = useCuts()
  const price = terms && terms.price > 0n ? terms.price : examplePayment
  const edges = parents.flatMap(({ id }) => {
    const model = models.find((m) => m.id === id)
    return model ? [{ parent: id, name: model.name, royaltyBps: model.terms.royaltyBps }] : []
  })
  const totalRoyaltyBps = edges.reduce((sum, edge) => sum + edge.royaltyBps, 0)
  return (
    <Panel title="How a payment is split" note={`For a payment of ${formatUsdc(price)} USDC`}>
      {cuts && totalRoyaltyBps <= maxRoyaltyBps ? (
        <PaymentSplit price={price} cuts={cuts} edges={edges} holders="You (all shares)" />
      ) : (
        <Skeleton className="h-32" />
      )}
    </Panel>
  )
}
