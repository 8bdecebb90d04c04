import type { ReactNode } from 'react'
import { Card } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import { Check } from './icons'

type Props = { number: number; title: string; note?: string; done?: boolean; locked?: boolean; children: ReactNode }

/** One step of a form that shows all its steps on one page; a locked step shows its title only. */
export function Step({ number, title, note, done, locked, children }: Props) {
  return (
    <Card aria-label={title} inert={locked} className={cn('p-5 sm:p-6', locked && 'shadow-none')}>
      <div className={cn('flex items-center gap-3', !locked && 'mb-4')}>
        <span
          className={cn(
            'flex size-7 shrink-0 items-center justify-center rounded-full text-sm font-semibold tabular-nums',
            done ? 'bg-verified-soft text-verified' : locked ? 'bg-sunken text-muted' : 'bg-accent-soft text-accent',
          )}
        >
          {done ? <Check className="size-4" aria-label="done" /> : number}
        </span>
        <div>
          <h2 className={cn('text-base font-semibold tracking-tight', locked && 'text-muted')}>{title}</h2>
          {note && <p className="text-sm text-muted">{note}</p>}
        </div>
      </div>
      {!locked && children}
    </Card>
  )
}
