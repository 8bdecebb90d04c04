import { HttpError } from './http-error'

const uses = new Map<string, { count: number; until: number }>()

/** At most `most` uses of `name` a minute. Kept in memory: it slows down, and is no defence in depth. */
export function rateLimit(name: string, most: number, now = Date.now()): void {
  if (uses.size > 10_000) uses.clear()
  const current = uses.get(name)
  const use = current && current.until > now ? current : { count: 0, until: now + 60_000 }
  use.count++
  uses.set(name, use)
  if (use.count > most)
    throw new HttpError(
      429,
      `That was asked ${use.count} times within a minute; ${most} are allowed. Try again shortly.`,
    )
}
