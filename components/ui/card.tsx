import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'

export function Card({ className, ...props }: ComponentProps<'section'>) {
  return <section className={cn('card', className)} {...props} />
}

/** A card with a heading, which is also its accessible name. */
export function Panel({
  title,
  note,
  aside,
  children,
  className,
}: {
  title: string
  note?: ReactNode
  aside?: ReactNode
  children: ReactNode
  className?: string
}) {
  return (
    <Card aria-label={title} className={cn('p-5 sm:p-6', className)}>
      <div className="mb-4 flex flex-wrap items-start justify-between gap-3">
        <div>
          <h2 className="text-base font-semibold tracking-tight">{title}</h2>
          {note && <p className="mt-1 text-sm text-muted">{note}</p>}
        </div>
        {aside}
      </div>
      {children}
    </Card>
  )
}
