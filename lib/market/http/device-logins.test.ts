import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../../../test/database'
import { localAccount } from '../../chain/accounts'
import type { Database } from '../../db/open'
import { deviceLogins } from '../../db/schema'
import { approveDeviceLogin, beginDeviceLogin, collectDeviceLogin, denyDeviceLogin, deviceLogin } from './device-logins'
import { tokenHolder } from './tokens'

const account = localAccount(5).address
const asked = { name: 'kinmark on a machine', scopes: ['copies:read' as const] }
const unknown = { code: 'market.login-unknown' }

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database?.close())

test('default: a program gets its token once, after it was let in', async () => {
  const { db } = database
  const { deviceCode, userCode } = await beginDeviceLogin(db, asked)
  await expect(collectDeviceLogin(db, deviceCode)).rejects.toMatchObject({ code: 'market.login-pending' })
  expect(await deviceLogin(db, userCode.toLowerCase())).toEqual({ code: userCode, ...asked })
  await approveDeviceLogin(db, account, userCode)
  await expect(approveDeviceLogin(db, account, userCode)).rejects.toMatchObject(unknown)
  const collected = await Promise.allSettled([collectDeviceLogin(db, deviceCode), collectDeviceLogin(db, deviceCode)])
  const tokens = collected.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  expect(tokens).toHaveLength(1)
  expect(await tokenHolder(db, `Bearer ${tokens[0].token}`)).toMatchObject({ account, scopes: asked.scopes })
})

test('error: sent away, too late, and codes of nobody', async () => {
  const { db } = database
  const denied = await beginDeviceLogin(db, asked)
  await denyDeviceLogin(db, denied.userCode)
  await expect(collectDeviceLogin(db, denied.deviceCode)).rejects.toMatchObject(unknown)
  const late = await beginDeviceLogin(db, asked)
  await db
    .update(deviceLogins)
    .set({ expiresAt: new Date(0) })
    .where(eq(deviceLogins.userCode, late.userCode.replace('-', '')))
  await expect(approveDeviceLogin(db, account, late.userCode)).rejects.toMatchObject(unknown)
  await expect(collectDeviceLogin(db, late.deviceCode)).rejects.toMatchObject(unknown)
  await expect(deviceLogin(db, 'AAAA-AAAA')).rejects.toMatchObject(unknown)
  await expect(collectDeviceLogin(db, 'guess')).rejects.toMatchObject(unknown)
})
