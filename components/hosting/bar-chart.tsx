import type { ReactNode } from 'react'

type Bar = { label: string; value: number }

type Props = { title: string; total: ReactNode; bars: Bar[]; from: ReactNode; to: ReactNode; empty: string }

/** Bars over time; the numbers are in the title and in the table below the chart. */
export function BarChart({ title, total, bars, from, to, empty }: Props) {
  const most = Math.max(...bars.map(({ value }) => value), 0)
  const [width, height] = [100 / Math.max(bars.length, 12), 40]
  return (
    <figure className="min-w-0">
      <figcaption className="flex items-baseline justify-between gap-3 text-sm">
        <span className="text-muted">{title}</span>
        <span className="font-semibold">{total}</span>
      </figcaption>
      {most === 0 ? (
        <p className="mt-2 flex h-28 items-center justify-center rounded-lg bg-sunken text-sm text-muted">{empty}</p>
      ) : (
        <>
          <svg
            viewBox={`0 0 100 ${height}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={title}
            className="mt-2 h-28 w-full border-b text-accent"
          >
            {bars.map(({ label, value }, i) => (
              <rect
                key={label}
                x={i * width + width * 0.1}
                y={height - (height * value) / most}
                width={width * 0.8}
                height={(height * value) / most}
                fill="currentColor"
              >
                <title>{label}</title>
              </rect>
            ))}
          </svg>
          <div className="mt-1 flex justify-between text-xs text-muted">
            <span>{from}</span>
            <span>{to}</span>
          </div>
        </>
      )}
    </figure>
  )
}
