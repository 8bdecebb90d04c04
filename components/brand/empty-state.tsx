import type { ReactNode } from 'react'
import { Mark } from '@/components/brand/mark'

type Props = { title: string; children: ReactNode; action?: ReactNode; heading?: 'h1' | 'h2' }

/** Shown in place of an empty list or a missing page, with the next action. */
export function EmptyState({ title, children, action, heading: Heading = 'h2' }: Props) {
  return (
    <div className="flex flex-col items-center gap-3 rounded-xl border border-dashed px-6 py-14 text-center">
      <Mark className="size-9 text-muted" />
      <Heading className="text-lg font-semibold tracking-tight">{title}</Heading>
      <p className="max-w-md text-sm text-muted">{children}</p>
      {action && <div className="mt-2">{action}</div>}
    </div>
  )
}
