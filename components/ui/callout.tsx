import type { ReactNode } from 'react'
import { cn } from './cn'
import { Info } from './icons'
import { CircleAlert, CircleCheck, TriangleAlert } from './page-icons'

const tones = {
  info: { icon: Info, box: 'bg-sunken text-text', mark: 'text-muted', role: undefined },
  verified: { icon: CircleCheck, box: 'bg-verified-soft text-text', mark: 'text-verified', role: 'status' },
  warning: { icon: TriangleAlert, box: 'bg-warning-soft text-text', mark: 'text-warning', role: 'status' },
  danger: { icon: CircleAlert, box: 'bg-danger-soft text-text', mark: 'text-danger', role: 'alert' },
} as const

/** An inline message with an optional action. Warnings and errors are announced to screen readers. */
export function Callout({
  tone = 'info',
  children,
  action,
  className,
}: {
  tone?: keyof typeof tones
  children: ReactNode
  action?: ReactNode
  className?: string
}) {
  const { icon: Icon, box, mark, role } = tones[tone]
  return (
    <div role={role} className={cn('flex flex-wrap items-start gap-3 rounded-lg p-3 text-sm', box, className)}>
      <Icon className={cn('mt-0.5 size-4 shrink-0', mark)} />
      <div className="min-w-0 flex-1 basis-48 wrap-anywhere">{children}</div>
      {action}
    </div>
  )
}
