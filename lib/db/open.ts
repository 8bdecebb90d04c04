import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres'
import { migrate as migratePostgres } from 'drizzle-orm/node-postgres/migrator'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator'
import { Pool } from 'pg'
import { lock } from './lock'

/** A database or a transaction, on either Postgres. */
export type Db = PgDatabase<PgQueryResultHKT>

export type Database = { db: Db; engine: { pglite: PGlite } | { pool: Pool }; close: () => Promise<void> }

const migrationsFolder = join(process.cwd(), 'lib/db/migrations')

/**
 * Postgres at `url`; without one, an embedded Postgres in `folder`.
 * @dev Warning: two processes on one embedded folder lose rows silently, so the folder is locked to this process.
 */
export async function openDatabase({ folder, url }: { folder: string; url?: string }): Promise<Database> {
  if (url) {
    const pool = new Pool({ connectionString: url })
    const db = drizzlePostgres(pool)
    await migratePostgres(db, { migrationsFolder })
    return { db, engine: { pool }, close: () => pool.end() }
  }
  const unlock = lock(`${folder}.lock`, folder)
  mkdirSync(folder, { recursive: true })
  const pglite = await PGlite.create(folder)
  const db = drizzlePglite(pglite)
  await migratePglite(db, { migrationsFolder })
  const close = async () => {
    await pglite.close()
    unlock()
  }
  return { db, engine: { pglite }, close }
}
