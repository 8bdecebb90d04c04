import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import { expect, test } from 'vitest'
import { mints, preparations } from './schema'

const migration = (name: string) => readFileSync(join('lib/db/migrations', `${name}.sql`), 'utf8')

test('behavior: keys of orders and versions become columns, and a failed try keeps its words', async () => {
  const database = await PGlite.create()
  await database.exec(migration('0000_start'))
  await database.exec(`
    insert into mints (key, copy_id, stage, failure, report) values
      ('7:0xab:0xcd', '7', 'queued', 'The disk is full.', '{"keys": 1}'),
      ('8:0xab:0xef', '8', 'done', null, '{"keys": 1, "signature": "0x01"}');
    insert into preparations (key, blob) values ('3:0xab', 'b10b')`)
  await database.exec(migration('0002_named_orders'))
  await database.exec(migration('0005_quotes'))
  const db = drizzle(database)
  expect(await db.select().from(mints).orderBy(mints.copyId)).toMatchObject([
    {
      copyId: '7',
      manifestRoot: '0xab',
      buyerSeedHash: '0xcd',
      failure: { code: 'minting.unexpected', facts: { reason: 'The disk is full.' } },
      report: null,
    },
    { copyId: '8', buyerSeedHash: '0xef', failure: null, report: { keys: 1, signature: '0x01' } },
  ])
  const { modelId, manifestRoot, blob } = preparations
  expect(await db.select({ modelId, manifestRoot, blob }).from(preparations)).toEqual([
    { modelId: '3', manifestRoot: '0xab', blob: 'b10b' },
  ])
  await database.close()
})
