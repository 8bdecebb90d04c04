import { DrizzleQueryError } from 'drizzle-orm/errors'
import { HttpRequestError, TimeoutError } from 'viem'

/** What a server program needs besides itself. */
export type Part = 'database' | 'files' | 'chain'

type Known = { code?: unknown; name?: unknown; message?: unknown; $metadata?: { httpStatusCode?: number } }

/** Codes of a connection that was lost or never made, and of an answer that did not come. */
const lost = /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|EAI_AGAIN|UND_ERR_SOCKET)$/
/** Postgres shuts down, starts, or has no connection left: its errors of class 08, 57P0x and 53300. */
const closed = /^(08...|57P0[123]|53300)$/
/** How `pg` says that a connection ended. */
const terminated =
  /^(Connection terminated|timeout exceeded when trying to connect|Client (has encountered a connection error|was closed))/
/** A disk has no place left, or a quota is used up; 53100 is Postgres's. */
const full = /^(ENOSPC|EDQUOT|53100)$/

/** The part that did not answer; null for every other error. */
export function partAway(error: unknown): Part | null {
  const causes = causesOf(error)
  if (causes.some(({ code, message }) => closed.test(`${code}`) || terminated.test(`${message}`))) return 'database'
  if (causes.some((cause) => cause instanceof HttpRequestError || cause instanceof TimeoutError)) return 'chain'
  const store = causes.find(({ $metadata }) => $metadata !== undefined)
  if (store && (isLost(causes) || store.name === 'TimeoutError' || isBusy(store))) return 'files'
  return isLost(causes) && causes.some((cause) => cause instanceof DrizzleQueryError) ? 'database' : null
}

/** Whether a disk or a database is full. */
export function isDiskFull(error: unknown): boolean {
  return causesOf(error).some(({ code }) => full.test(`${code}`))
}

/** Whether the same may succeed later without a change of ours: a part or another program did not answer, or a disk is full. */
export function isOutage(error: unknown): boolean {
  return partAway(error) !== null || isDiskFull(error) || isLost(causesOf(error))
}

/** An error and those that it was made from. */
function causesOf(error: unknown): Known[] {
  const causes: Known[] = []
  for (let at = error; at instanceof Error && causes.length < 10; at = at.cause) causes.push(at as Known)
  return causes
}

const isLost = (causes: Known[]) => causes.some(({ code }) => lost.test(`${code}`))
const isBusy = ({ $metadata }: Known) => ($metadata?.httpStatusCode ?? 0) >= 500
