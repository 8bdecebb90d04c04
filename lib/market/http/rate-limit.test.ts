import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../../../test/database'
import type { Database } from '../../db/open'
import { rateLimits } from '../../db/schema'
import { countUse } from './rate-limit'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database?.close())

test('default: uses above the limit are refused until the minute is over', async () => {
  for (let i = 0; i < 2; i++) await countUse(database.db, 'faucet', 2)
  await expect(countUse(database.db, 'faucet', 2)).rejects.toMatchObject({
    status: 429,
    code: 'market.rate-limited',
    facts: { uses: 3, limit: 2 },
  })
  await countUse(database.db, 'another', 2)
  const row = eq(rateLimits.key, 'faucet')
  await database.db
    .update(rateLimits)
    .set({ expire: new Date(Date.now() - 1) })
    .where(row)
  await countUse(database.db, 'faucet', 2)
  expect(await database.db.select().from(rateLimits).where(row)).toMatchObject([{ points: 1 }])
})

test('behavior: of uses at the same time, exactly the limit is allowed', async () => {
  const uses = await Promise.allSettled(Array.from({ length: 20 }, () => countUse(database.db, 'many', 7)))
  expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(7)
})
