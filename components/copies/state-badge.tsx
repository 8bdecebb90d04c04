import { Badge, type Tone } from '@/components/ui/badge'
import type { CopyState } from '@/lib/chain/states'

const badges: Record<CopyState, { tone: Tone; name: string }> = {
  ordered: { tone: 'accent', name: 'minting' },
  delivered: { tone: 'warning', name: 'delivered: check and accept' },
  active: { tone: 'verified', name: 'active' },
  closing: { tone: 'warning', name: 'closing' },
  closed: { tone: 'plain', name: 'closed' },
  refunded: { tone: 'plain', name: 'refunded' },
  slashed: { tone: 'warning', name: 'slashed' },
}

export function StateBadge({ state }: { state: CopyState }) {
  return <Badge tone={badges[state].tone}>{badges[state].name}</Badge>
}
