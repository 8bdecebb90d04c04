import { useLocale } from '#values/use-locale'
import { formatDate, formatDateTime } from '@/lib/format/times'

/** A moment in Unix seconds: its date, or with `precise` its date and minute. */
export function Time({ at, precise = false }: { at: number; precise?: boolean }) {
  const locale = useLocale()
  return (
    <time
      dateTime={new Date(at * 1000).toISOString()}
      className="whitespace-nowrap tabular-nums"
      // Server and browser may know another state of a language.
      suppressHydrationWarning
    >
      {precise ? formatDateTime(at, locale) : formatDate(at, locale)}
    </time>
  )
}
