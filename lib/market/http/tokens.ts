import 'server-only'
import { createHash, randomBytes } from 'node:crypto'
import { and, count, desc, eq, gt, lt } from 'drizzle-orm'
import type { Address } from 'viem'
import type { ApiScope } from '../../api/scopes'
import type { Db } from '../../db/open'
import { apiTokens } from '../../db/schema'
import { HttpError } from './http-error'

const mostTokens = 20
const dayMs = 86_400_000
const prefix = 'kinmark_'

const idOf = (token: string) => createHash('sha256').update(token).digest('hex')

/** An API token without the token itself. Times in Unix seconds. */
export type TokenView = { id: string; name: string; scopes: ApiScope[]; createdAt: number; expiresAt: number }

export type TokenHolder = { id: string; account: Address; scopes: ApiScope[]; expiresAt: Date }

/** Makes a token. It is returned once: the database has its hash. Throws `market.tokens-many`. */
export async function createToken(
  db: Db,
  account: Address,
  given: { name: string; scopes: ApiScope[] } & ({ days: number } | { expiresAt: Date }),
): Promise<{ token: string }> {
  await db.delete(apiTokens).where(lt(apiTokens.expiresAt, new Date()))
  const expiresAt = 'days' in given ? new Date(Date.now() + given.days * dayMs) : given.expiresAt
  const token = `${prefix}${randomBytes(32).toString('base64url')}`
  await db.transaction(async (tx) => {
    const [{ made }] = await tx.select({ made: count() }).from(apiTokens).where(eq(apiTokens.account, account))
    if (made >= mostTokens) throw new HttpError(429, 'market.tokens-many', { limit: mostTokens })
    const { name, scopes } = given
    await tx.insert(apiTokens).values({ id: idOf(token), account, name, scopes, expiresAt })
  })
  return { token }
}

export async function listTokens(db: Db, account: Address): Promise<TokenView[]> {
  const running = and(eq(apiTokens.account, account), gt(apiTokens.expiresAt, new Date()))
  const rows = await db.select().from(apiTokens).where(running).orderBy(desc(apiTokens.createdAt))
  const seconds = (date: Date) => Math.floor(date.getTime() / 1000)
  return rows.map(({ id, name, scopes, createdAt, expiresAt }) => ({
    id,
    name,
    scopes,
    createdAt: seconds(createdAt),
    expiresAt: seconds(expiresAt),
  }))
}

/** Ends a token of this account. */
export async function endToken(db: Db, account: Address, id: string): Promise<void> {
  await db.delete(apiTokens).where(and(eq(apiTokens.id, id), eq(apiTokens.account, account)))
}

/** Who holds the token in an Authorization header; null without one. Throws `market.token-invalid` for any other than ours. */
export async function tokenHolder(db: Db, authorization: string | null): Promise<TokenHolder | null> {
  if (authorization === null) return null
  const token = /^Bearer (kinmark_[\w-]{43})$/i.exec(authorization)?.[1]
  if (!token) throw new HttpError(401, 'market.token-invalid')
  const running = and(eq(apiTokens.id, idOf(token)), gt(apiTokens.expiresAt, new Date()))
  const [row] = await db.select().from(apiTokens).where(running)
  if (!row) throw new HttpError(401, 'market.token-invalid')
  return { id: row.id, account: row.account, scopes: row.scopes, expiresAt: row.expiresAt }
}

/** Throws `market.token-scope` where the token does not allow this. */
export function requireScope({ scopes }: TokenHolder, scope: ApiScope): void {
  if (!scopes.includes(scope)) throw new HttpError(403, 'market.token-scope', { scope })
}

/**
 * Makes a token that may do no more than the one that asks, and ends no later: such as for CI, which gets no token of long
 * life. Throws `market.token-scope`.
 */
export async function narrowToken(
  db: Db,
  holder: TokenHolder,
  { name, scopes, minutes }: { name: string; scopes: ApiScope[]; minutes: number },
): Promise<{ token: string; expiresAt: number }> {
  for (const scope of scopes) requireScope(holder, scope)
  const expiresAt = new Date(Math.min(Date.now() + minutes * 60_000, holder.expiresAt.getTime()))
  const { token } = await createToken(db, holder.account, { name, scopes, expiresAt })
  return { token, expiresAt: Math.floor(expiresAt.getTime() / 1000) }
}
