import 'server-only'
import { createHash, randomBytes, randomInt } from 'node:crypto'
import { and, eq, gt, isNotNull, isNull, lt } from 'drizzle-orm'
import type { Address } from 'viem'
import type { ApiScope } from '../../api/scopes'
import type { Db } from '../../db/open'
import { deviceLogins } from '../../db/schema'
import { HttpError } from './http-error'
import { createToken } from './tokens'

/** A program that waits to be let in, as the page shows it. */
export type DeviceLoginView = { code: string; name: string; scopes: ApiScope[] }

const lifeSeconds = 600
const pollSeconds = 2
const tokenDays = 90
/** Consonants that are not taken for one another, and spell no word (RFC 8628, 6.1). */
const letters = 'BCDFGHJKLMNPQRSTVWXZ'

const idOf = (code: string) => createHash('sha256').update(code).digest('hex')
const userCode = () => Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('')

/** “bcdf-ghjk” → “BCDFGHJK”. */
const plain = (code: string) => code.toUpperCase().replace(/[^A-Z]/g, '')
const shown = (code: string) => `${code.slice(0, 4)}-${code.slice(4)}`

/** Begins a login of a program on another device (RFC 8628). The program keeps `deviceCode`; a person compares `userCode`. */
export async function beginDeviceLogin(db: Db, { name, scopes }: { name: string; scopes: ApiScope[] }) {
  const deviceCode = randomBytes(32).toString('base64url')
  const code = userCode()
  const expiresAt = new Date(Date.now() + 1000 * lifeSeconds)
  await db.delete(deviceLogins).where(lt(deviceLogins.expiresAt, new Date()))
  await db.insert(deviceLogins).values({ id: idOf(deviceCode), userCode: code, name, scopes, expiresAt })
  return { deviceCode, userCode: shown(code), expiresIn: lifeSeconds, interval: pollSeconds }
}

const waiting = (code: string) =>
  and(eq(deviceLogins.userCode, plain(code)), isNull(deviceLogins.account), gt(deviceLogins.expiresAt, new Date()))

/** The login with this code that nobody has approved. Throws `market.login-unknown`. */
export async function deviceLogin(db: Db, code: string): Promise<DeviceLoginView> {
  const [row] = await db.select().from(deviceLogins).where(waiting(code))
  if (!row) throw new HttpError(404, 'market.login-unknown')
  return { code: shown(row.userCode), name: row.name, scopes: row.scopes }
}

/** Lets the program in as this account. Throws `market.login-unknown`. */
export async function approveDeviceLogin(db: Db, account: Address, code: string): Promise<void> {
  const approved = await db.update(deviceLogins).set({ account }).where(waiting(code)).returning()
  if (approved.length === 0) throw new HttpError(404, 'market.login-unknown')
}

/** Sends the program away. */
export async function denyDeviceLogin(db: Db, code: string): Promise<void> {
  await db.delete(deviceLogins).where(waiting(code))
}

/** The token of an approved login, once. Throws `market.login-pending` before, and `market.login-unknown` afterwards. */
export async function collectDeviceLogin(db: Db, deviceCode: string): Promise<{ token: string; account: Address }> {
  const running = and(eq(deviceLogins.id, idOf(deviceCode)), gt(deviceLogins.expiresAt, new Date()))
  const [row] = await db
    .delete(deviceLogins)
    .where(and(running, isNotNull(deviceLogins.account)))
    .returning()
  if (row?.account) {
    const { account, name, scopes } = row
    return { account, ...(await createToken(db, account, { name, scopes, days: tokenDays })) }
  }
  const left = await db.$count(deviceLogins, running)
  throw left > 0 ? new HttpError(409, 'market.login-pending') : new HttpError(404, 'market.login-unknown')
}
