import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../../../test/database'
import type { Database } from '../../db/open'
import { sessions, signInNonces } from '../../db/schema'
import { accountOf, endOthers, endSession, newNonce, sessionsOf, spendNonce, startSession } from './session-store'

const account = '0x52908400098527886E0F7030069857D2E4169EE7'
const other = '0x8617E340B3D01FA5F11F306F4090FD50E238070D'
const past = new Date(Date.now() - 1)

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database?.close())

test('default: a nonce is spent once, also by twenty requests at the same moment', async () => {
  const { db } = database
  const nonce = await newNonce(db)
  const spent = await Promise.all(Array.from({ length: 20 }, () => spendNonce(db, nonce)))
  expect(spent.filter(Boolean)).toHaveLength(1)
  expect(await spendNonce(db, nonce)).toBe(false)
})

test('error: a nonce that is foreign or too old', async () => {
  const { db } = database
  expect(await spendNonce(db, 'abcdefgh12345678')).toBe(false)
  const nonce = await newNonce(db)
  await db.update(signInNonces).set({ expiresAt: past })
  expect(await spendNonce(db, nonce)).toBe(false)
  await db.insert(signInNonces).values({ nonce: 'old', expiresAt: past })
  await newNonce(db)
  expect(await db.$count(signInNonces)).toBe(1)
})

test('behavior: a session opens the account until it is ended on the server or too old', async () => {
  const { db } = database
  const token = await startSession(db, account, 'Firefox')
  expect(await accountOf(db, token)).toBe(account)
  await endSession(db, token)
  expect(await accountOf(db, token)).toBeNull()
  const late = await startSession(db, account, 'Firefox')
  await db.update(sessions).set({ expiresAt: past })
  expect(await accountOf(db, late)).toBeNull()
  expect(await accountOf(db, '')).toBeNull()
})

test('behavior: the database holds no token', async () => {
  const { db } = database
  const token = await startSession(db, account, 'x'.repeat(500))
  const rows = await db.select().from(sessions)
  expect(JSON.stringify(rows)).not.toContain(token)
  expect(rows.at(-1)?.agent).toHaveLength(200)
})

test('behavior: an account lists and ends its own sessions only', async () => {
  const { db } = database
  await db.delete(sessions)
  const [here, there, foreign] = [
    await startSession(db, account, 'here'),
    await startSession(db, account, 'there'),
    await startSession(db, other, 'foreign'),
  ]
  const list = await sessionsOf(db, account, here)
  expect(list.map(({ agent, current }) => [agent, current]).sort()).toEqual([
    ['here', true],
    ['there', false],
  ])
  const [foreignOne] = await sessionsOf(db, other, foreign)
  await endOthers(db, account, here, foreignOne.id)
  expect(await accountOf(db, foreign)).toBe(other)
  await endOthers(db, account, here, list.find(({ current }) => !current)?.id)
  expect([await accountOf(db, here), await accountOf(db, there)]).toEqual([account, null])
  await startSession(db, account, 'again')
  await endOthers(db, account, here)
  expect(await sessionsOf(db, account, here)).toHaveLength(1)
  expect(await accountOf(db, foreign)).toBe(other)
})
