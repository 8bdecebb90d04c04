import type { ReactNode } from 'react'
import { cn } from './cn'

/** A list of names with their values. */
export function Facts({ children, className }: { children: ReactNode; className?: string }) {
  return <dl className={cn('divide-y text-sm', className)}>{children}</dl>
}

export function Fact({ name, children, strong }: { name: ReactNode; children: ReactNode; strong?: boolean }) {
  return (
    <div
      className={cn('flex flex-wrap items-baseline justify-between gap-x-6 gap-y-0.5 py-2', strong && 'font-semibold')}
    >
      <dt className={strong ? 'text-text' : 'text-muted'}>{name}</dt>
      <dd className="ml-auto min-w-0 text-right wrap-anywhere">{children}</dd>
    </div>
  )
}
