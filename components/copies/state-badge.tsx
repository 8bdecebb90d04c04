import { Badge, type Tone } from '@/components/ui/badge'
import type { CopyState } from '@/lib/chain/states'
import type { CopyView } from '@/lib/market/read/views'

const badges: Record<CopyState, { tone: Tone; name: string }> = {
  ordered: { tone: 'accent', name: 'minting' },
  delivered: { tone: 'warning', name: 'delivered: check and accept' },
  active: { tone: 'verified', name: 'active' },
  closing: { tone: 'warning', name: 'closing' },
  closed: { tone: 'plain', name: 'closed' },
  refunded: { tone: 'plain', name: 'refunded' },
  refused: { tone: 'warning', name: 'refused' },
  defended: { tone: 'warning', name: 'refused; the minter stands by it' },
  contested: { tone: 'warning', name: 'before a court' },
}

export function StateBadge({ copy: { state, lost } }: { copy: Pick<CopyView, 'state' | 'lost'> }) {
  const { tone, name } = lost && state === 'active' ? ({ tone: 'warning', name: 'slashed' } as const) : badges[state]
  return <Badge tone={tone}>{name}</Badge>
}
