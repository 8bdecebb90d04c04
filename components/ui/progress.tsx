import type { ReactNode } from 'react'
import { cn } from './cn'

type Props = { label: string /** From 0 to 1, or null where it is unknown. */; done: number | null; note?: ReactNode }

export function Progress({ label, done, note }: Props) {
  const percent = done === null ? undefined : Math.round(done * 100)
  return (
    <div>
      <div className="mb-1.5 flex justify-between gap-4 text-sm">
        <span>{label}</span>
        <span className="whitespace-nowrap tabular-nums text-muted">
          {note ?? (percent !== undefined && `${percent} %`)}
        </span>
      </div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        className="h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        <div
          className={cn(
            'h-full rounded-full bg-accent transition-[width] duration-300',
            percent === undefined && 'w-1/3 animate-pulse',
          )}
          style={percent === undefined ? undefined : { width: `${percent}%` }}
        />
      </div>
    </div>
  )
}
