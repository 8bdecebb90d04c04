import type { CopyAction } from '@/lib/chain/copy'
import type { CopyView } from '@/lib/market/read/views'
import { collateralLeft } from './collateral-left'

type CopyDeadlines = Pick<
  CopyView,
  | 'state'
  | 'deliverDeadline'
  | 'acceptDeadline'
  | 'answerDeadline'
  | 'thawEndsAt'
  | 'collateral'
  | 'leakBond'
  | 'leakTail'
>

/**
 * The actions that the chain allows on a copy at `now`, in seconds of protocol time, to its buyer or to anybody. Anybody
 * may refund, withdraw and accept late, so that no copy gets stuck.
 */
export function availableActions(copy: CopyDeadlines, isBuyer: boolean, now: number): CopyAction[] {
  const isOver = (deadline: number | null) => deadline !== null && now > deadline
  switch (copy.state) {
    case 'ordered':
      return isOver(copy.deliverDeadline) ? ['refund'] : []
    case 'delivered':
      return isBuyer || isOver(copy.acceptDeadline) ? ['accept'] : []
    case 'refused':
      return [...(isOver(copy.answerDeadline) ? (['refund'] as const) : []), ...(isBuyer ? (['accept'] as const) : [])]
    case 'defended':
      return isBuyer || isOver(copy.answerDeadline) ? ['accept'] : []
    case 'contested':
      return []
    case 'active':
      return isBuyer ? ['close'] : []
    case 'closing':
      return copy.thawEndsAt !== null && now >= copy.thawEndsAt ? ['withdraw'] : []
    case 'closed':
    case 'refunded':
      return copy.collateral > collateralLeft(copy, now) ? ['withdraw'] : []
  }
}
