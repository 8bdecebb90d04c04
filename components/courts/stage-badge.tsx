import { Badge, type Tone } from '@/components/ui/badge'
import type { CaseSummary } from '@/lib/market/read/views'

const stages: Record<CaseSummary['stage'], { tone: Tone; name: string }> = {
  none: { tone: 'plain', name: 'unknown' },
  drawing: { tone: 'accent', name: 'panel not drawn' },
  voting: { tone: 'accent', name: 'jurors vote' },
  ruled: { tone: 'warning', name: 'ruled' },
  closed: { tone: 'plain', name: 'closed' },
}

const rulings: Record<CaseSummary['verdict'], string> = {
  none: '',
  accept: 'accepted',
  reject: 'rejected',
  draw: 'not decided',
}

export function StageBadge({ trial }: { trial: Pick<CaseSummary, 'stage' | 'verdict'> }) {
  const { tone, name } = stages[trial.stage]
  const ruled = trial.stage === 'ruled' || trial.stage === 'closed'
  return <Badge tone={tone}>{ruled && trial.verdict !== 'none' ? `${name}: ${rulings[trial.verdict]}` : name}</Badge>
}
