import 'server-only'
import { sql } from 'drizzle-orm'

/** A claim on a version, or on a share of it, ends when its minter was silent since then. */
export const silence = sql`now() - interval '30 seconds'`
