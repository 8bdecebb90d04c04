import type { ReactNode } from 'react'
import { Mark } from '@/components/brand/mark'

/** What a list says when there is nothing in it, and what to do next. */
export function Empty({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-3 rounded-xl border border-dashed px-6 py-14 text-center">
      <Mark className="size-9 text-muted" />
      <h2 className="text-lg font-semibold tracking-tight">{title}</h2>
      <p className="max-w-md text-sm text-muted">{children}</p>
      {action && <div className="mt-2">{action}</div>}
    </div>
  )
}
