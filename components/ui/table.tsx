import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'

/** A table that scrolls sideways inside its own box, also by keyboard. `relative` keeps texts for screen readers inside. */
export function Table({
  label,
  head,
  children,
  className,
}: {
  label: string
  head: ReactNode
  children: ReactNode
  className?: string
}) {
  const box = cn('relative -mx-5 overflow-x-auto px-5 sm:-mx-6 sm:px-6', className)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, so the keyboard must reach it
    <section aria-label={label} tabIndex={0} className={box}>
      <table className="w-full text-sm">
        <thead>
          <tr className="border-b text-left text-xs text-muted [&>th]:py-2 [&>th]:pr-6 [&>th]:font-medium [&>th]:whitespace-nowrap [&>th:last-child]:pr-0">
            {head}
          </tr>
        </thead>
        <tbody className="divide-y [&_td]:py-2 [&_td]:pr-6 [&_td:last-child]:pr-0">{children}</tbody>
      </table>
    </section>
  )
}

/** A column’s name in `head`, over its numbers where it has some. */
export function Column({ number = false, children }: { number?: boolean; children: ReactNode }) {
  return (
    <th scope="col" className={number ? 'text-right' : undefined}>
      {children}
    </th>
  )
}

export function NumberCell({ className, ...props }: ComponentProps<'td'>) {
  return <td className={cn('text-right whitespace-nowrap tabular-nums', className)} {...props} />
}
