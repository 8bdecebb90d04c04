import 'server-only'
import { createHash, randomBytes } from 'node:crypto'
import { and, desc, eq, gt, lt, ne } from 'drizzle-orm'
import type { Address } from 'viem'
import { generateSiweNonce } from 'viem/siwe'
import type { Db } from '../../db/open'
import { sessions, signInNonces } from '../../db/schema'

/** One browser in which an account is signed in. Times in Unix seconds. */
export type SessionView = { id: string; agent: string; current: boolean; startedAt: number; expiresAt: number }

const nonceMs = 10 * 60_000
export const sessionSeconds = 14 * 24 * 3600
const longestAgent = 200

const inMs = (ms: number) => new Date(Date.now() + ms)
const idOf = (token: string) => createHash('sha256').update(token).digest('hex')

/** A nonce for one sign-in within ten minutes. */
export async function newNonce(db: Db): Promise<string> {
  const nonce = generateSiweNonce()
  await db.delete(signInNonces).where(lt(signInNonces.expiresAt, new Date()))
  await db.insert(signInNonces).values({ nonce, expiresAt: inMs(nonceMs) })
  return nonce
}

/** Whether the nonce was ours, and unused until now. Of several calls at once, one gets true. */
export async function spendNonce(db: Db, nonce: string): Promise<boolean> {
  const spent = await db.delete(signInNonces).where(eq(signInNonces.nonce, nonce)).returning()
  return spent.length === 1 && spent[0].expiresAt > new Date()
}

/** Starts a session. Returns its token, which only the cookie holds: the database has the token's hash. */
export async function startSession(db: Db, account: Address, agent: string): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await db.delete(sessions).where(lt(sessions.expiresAt, new Date()))
  const row = { id: idOf(token), account, agent: agent.slice(0, longestAgent), expiresAt: inMs(1000 * sessionSeconds) }
  await db.insert(sessions).values(row)
  return token
}

/** The account of a session that has not ended, or null. */
export async function accountOf(db: Db, token: string): Promise<Address | null> {
  const running = and(eq(sessions.id, idOf(token)), gt(sessions.expiresAt, new Date()))
  const [row] = await db.select({ account: sessions.account }).from(sessions).where(running)
  return row?.account ?? null
}

/** The account's sessions, newest first. */
export async function sessionsOf(db: Db, account: Address, token: string): Promise<SessionView[]> {
  const running = and(eq(sessions.account, account), gt(sessions.expiresAt, new Date()))
  const rows = await db.select().from(sessions).where(running).orderBy(desc(sessions.startedAt))
  const seconds = (date: Date) => Math.floor(date.getTime() / 1000)
  return rows.map(({ id, agent, startedAt, expiresAt }) => ({
    id,
    agent,
    current: id === idOf(token),
    startedAt: seconds(startedAt),
    expiresAt: seconds(expiresAt),
  }))
}

export async function endSession(db: Db, token: string): Promise<void> {
  await db.delete(sessions).where(eq(sessions.id, idOf(token)))
}

/** Ends one session of the account, or all but this one. */
export async function endOthers(db: Db, account: Address, token: string, id?: string): Promise<void> {
  const which = id === undefined ? ne(sessions.id, idOf(token)) : eq(sessions.id, id)
  await db.delete(sessions).where(and(eq(sessions.account, account), which))
}
