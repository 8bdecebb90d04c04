import type { CopyAction } from '@/lib/chain/copy'
import type { CopyView } from '@/lib/market/read/views'

type CopyDeadlines = Pick<CopyView, 'state' | 'deliverDeadline' | 'acceptDeadline' | 'thawEndsAt'>

/**
 * The actions that the chain allows on a copy at `now`, in seconds of protocol time. Anybody may refund, withdraw and accept late, so
 * that no copy gets stuck.
 */
export function availableActions(copy: CopyDeadlines, isBuyer: boolean, now: number): CopyAction[] {
  switch (copy.state) {
    case 'ordered':
      return now > copy.deliverDeadline ? ['refund'] : []
    case 'delivered':
      return isBuyer || (copy.acceptDeadline !== null && now > copy.acceptDeadline) ? ['accept'] : []
    case 'active':
      return isBuyer ? ['close'] : []
    case 'closing':
      return copy.thawEndsAt !== null && now >= copy.thawEndsAt ? ['withdraw'] : []
    case 'closed':
    case 'refunded':
    case 'slashed':
      return []
  }
}
