const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })
const minute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })

/** A moment given in Unix seconds. UTC, so that server and browser write the same. */
export function Time({ at, precise = false }: { at: number; precise?: boolean }) {
  const date = new Date(at * 1000)
  return (
    <time dateTime={date.toISOString()} className="whitespace-nowrap tabular-nums">
      {precise ? `${minute.format(date)} UTC` : day.format(date)}
    </time>
  )
}
