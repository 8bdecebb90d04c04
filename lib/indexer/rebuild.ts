import { eq, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Db } from '../db/open'
import { blocks, meta, undo } from '../db/schema'
import { columns, replacing } from './rows'
import { type Chain, openIndexer, type Synced } from './sync'
import { appended, changing, shapeOf } from './tables'

const tables: PgTable[] = [...appended, ...changing, undo, blocks, meta]
const schema = sql.identifier('rebuild')

/**
 * Indexes the chain from its first block into tables of their own, while the old ones serve, and then replaces the rows of
 * the old ones in one transaction. `aside` is the same database with the schema `rebuild` first in its search path. What
 * was there of an earlier try goes on.
 */
export async function rebuild(chain: Chain, db: Db, aside: Db, told: (step: Synced) => void): Promise<void> {
  await db.execute(sql`create schema if not exists ${schema}`)
  for (const table of tables) {
    const name = sql.identifier(shapeOf(table).name)
    await db.execute(sql`create table if not exists ${schema}.${name} (like public.${name} including all)`)
  }
  const indexer = openIndexer(chain, aside)
  for (;;) {
    const step = await indexer.step()
    told(step)
    if (step.indexed === step.head) break
  }
  await db.transaction(async (tx) => {
    // Whoever leads the indexer waits here, and goes on from the new tables.
    await tx.select().from(meta).where(eq(meta.key, 'deployment')).for('update')
    for (const table of tables) await replaceRows(tx, table)
    await tx.execute(sql`drop schema ${schema} cascade`)
  })
}

async function replaceRows(tx: Db, table: PgTable): Promise<void> {
  const shape = shapeOf(table)
  const name = sql.identifier(shape.name)
  const [key, all] = [columns(shape.key), columns(shape.columns)]
  await tx.execute(sql`delete from public.${name} where (${key}) not in (select ${key} from ${schema}.${name})`)
  await tx.execute(sql`insert into public.${name} (${all}) select ${all} from ${schema}.${name} ${replacing(shape)}`)
}
