import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { drizzle } from 'drizzle-orm/pglite'
import { expect, test } from 'vitest'
import { listings, mints, preparations } from './schema'

const migrations = readdirSync('lib/db/migrations').filter((file) => file.endsWith('.sql'))
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

test('behavior: models that are already listed get their parents and royalties', async () => {
  const database = await PGlite.create({ extensions: { pg_trgm } })
  const own = '0022_listing_families'
  for (const file of migrations.sort()) if (file < own) await database.exec(migration(file.replace('.sql', '')))
  await database.exec(`
    insert into versions (model_id, version, manifest_root, uri, publisher, registered_at)
      select id, 1, '0xab', 'test:', '0xcd', 0 from unnest(array['1', '2', '3']) id;
    insert into listings (model_id, version, name, summary, tags, family, parameters, size_bytes, search)
      select model_id, 1, 'poems', '', '{}', 'llama', 1, 1, to_tsvector('poems') from versions;
    insert into edges (child, parent, relation, position) values ('3', '1', 'merge', 9), ('3', '2', 'merge', 4), ('2', '1', 'adapter', 2);
    insert into ancestors (model_id, ancestor, royalty_bps, position) values ('3', '1', 100, 1), ('3', '2', 500, 0)`)
  await database.exec(migration(own))
  const { modelId, parents, lineage } = listings
  const found = await drizzle(database).select({ modelId, parents, lineage }).from(listings).orderBy(modelId)
  const [first, second] = [
    { id: '2', royaltyBps: 500 },
    { id: '1', royaltyBps: 100 },
  ]
  expect(found).toEqual([
    { modelId: '1', parents: [], lineage: [] },
    { modelId: '2', parents: ['1'], lineage: [] },
    { modelId: '3', parents: ['2', '1'], lineage: [first, second] },
  ])
  await database.close()
})
