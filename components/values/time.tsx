import { formatDate, formatDateTime } from '@/lib/format/times'

/** A moment in Unix seconds: its date, or with `precise` its date and minute. */
export function Time({ at, precise = false }: { at: number; precise?: boolean }) {
  return (
    <time dateTime={new Date(at * 1000).toISOString()} className="whitespace-nowrap tabular-nums">
      {precise ? formatDateTime(at) : formatDate(at)}
    </time>
  )
}
