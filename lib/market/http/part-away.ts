import 'server-only'
import { DrizzleQueryError } from 'drizzle-orm/errors'
import { HttpRequestError, TimeoutError } from 'viem'

/** What a request needs besides this process. */
export type Part = 'database' | 'files' | 'chain'

/** A lost connection, and an answer that did not come. */
const lost = /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|EAI_AGAIN)$/
/** Postgres shuts down, starts, or has no connection left (its errors of class 08, 57P0x and 53300). */
const closed = /^(08...|57P0[123]|53300)$/

type Known = { code?: unknown; name?: unknown; message?: unknown; $metadata?: { httpStatusCode?: number } }

/** An error and those that it was made from. */
function causesOf(error: unknown): Known[] {
  const causes: Known[] = []
  for (let at = error; at instanceof Error && causes.length < 10; at = at.cause) causes.push(at as Known)
  return causes
}

/** The part that did not answer; null for every other error. */
export function partAway(error: unknown): Part | null {
  const causes = causesOf(error)
  const isLost = causes.some(
    ({ code, message }) =>
      lost.test(String(code)) || /^(Connection terminated|timeout exceeded when trying to connect)/.test(`${message}`),
  )
  if (causes.some(({ code, name }) => closed.test(String(code)) && name !== 'HttpRequestError')) return 'database'
  if (causes.some((cause) => cause instanceof HttpRequestError || cause instanceof TimeoutError)) return 'chain'
  const bucket = causes.find(({ $metadata }) => $metadata !== undefined)
  if (bucket) return isLost || bucket.name === 'TimeoutError' || isBusy(bucket) ? 'files' : null
  return isLost &&
    causes.some((cause) => cause instanceof DrizzleQueryError || /^Connection term/.test(`${cause.message}`))
    ? 'database'
    : null
}

const isBusy = ({ $metadata }: Known) => ($metadata?.httpStatusCode ?? 0) >= 500

/** Whether a disk or a database has no place left (Postgres: 53100). */
export function isDiskFull(error: unknown): boolean {
  return causesOf(error).some(({ code }) => /^(ENOSPC|EDQUOT|53100)$/.test(String(code)))
}
