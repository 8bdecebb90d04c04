import 'server-only'
import { RateLimiterDrizzle } from 'rate-limiter-flexible'
import type { Db } from '../../db/open'
import { rateLimits } from '../../db/schema'
import { market } from '../context/context'
import { metrics } from '../context/metrics'
import { HttpError } from './http-error'

const windowSeconds = 60
const counters = new WeakMap<Db, RateLimiterDrizzle>()

/** Allows `limit` uses of `name` a minute, counted for all app processes together. Throws `market.rate-limited` above that. */
export async function rateLimit(name: string, limit: number): Promise<void> {
  const { db } = await market()
  await countUse(db, name, limit)
}

/** `left` is below 0 above the limit; `seconds` until all uses are back. */
export type Uses = { limit: number; left: number; seconds: number }

/** Counts a use of `name` and says how many of `limit` a minute are left. */
export async function countWithin(db: Db, name: string, limit: number): Promise<Uses> {
  const { consumedPoints, msBeforeNext } = await counterOf(db).penalty(name)
  if (consumedPoints > limit) countRefused(name)
  return { limit, left: limit - consumedPoints, seconds: Math.ceil(msBeforeNext / 1000) }
}

export async function countUse(db: Db, name: string, limit: number): Promise<void> {
  const { left } = await countWithin(db, name, limit)
  if (left < 0) throw new HttpError(429, 'market.rate-limited', { uses: limit - left, limit })
}

/** By the kind of limit, without whom it refused. */
function countRefused(name: string): void {
  metrics().limited.inc({ limit: name.split(' ')[0] })
}

/** Uses are only counted here: each name has a limit of its own, so the limiter’s `points` does not matter. */
function counterOf(db: Db): RateLimiterDrizzle {
  const found = counters.get(db)
  if (found) return found
  const options = { storeClient: db, schema: rateLimits, keyPrefix: '', points: 1, duration: windowSeconds }
  const counter = new RateLimiterDrizzle(options)
  counters.set(db, counter)
  return counter
}
