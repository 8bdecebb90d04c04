import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres'
import { migrate as migratePostgres } from 'drizzle-orm/node-postgres/migrator'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite'
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator'
import { Client, Pool, type PoolConfig } from 'pg'
import { lock } from './lock'

/** A database or a transaction, on either Postgres. */
export type Db = PgDatabase<PgQueryResultHKT>

export type Database = { db: Db; engine: { pglite: PGlite } | { pool: Pool }; close: () => Promise<void> }

/** More would only wait for a core, and take it from each other meanwhile. Postgres may have cores of its own. */
const connections = Math.max(4, 2 * availableParallelism())

/**
 * A connection that breaks between two queries, in a transaction or not, is no error of its own: the next query on it fails,
 * and the next one of the pool has another. Without a listener, Node would end the process.
 */
function openPool(config: PoolConfig): Pool {
  const pool = new Pool({ max: connections, ...config })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** The same Postgres with another schema first in its search path. */
export function openSchema(url: string, schema: string): { db: Db; close: () => Promise<void> } {
  const pool = openPool({ connectionString: url, options: `-c search_path=${schema},public` })
  return { db: drizzlePostgres(pool), close: () => pool.end() }
}

const migrationLock = 0x6d696772
/** How long a migration waits for a table, and then leaves it to others. */
const lockMs = 1_000
/** For how long it is tried again. */
const patienceMs = 120_000
const migrationsFolder = join(process.cwd(), 'lib/db/migrations')

/**
 * Postgres at `url`; without one, an embedded Postgres in `folder`.
 * @dev Warning: two processes on one embedded folder lose rows silently, so the folder is locked to this process.
 */
export async function openDatabase({ folder, url }: { folder: string; url?: string }): Promise<Database> {
  if (url) {
    const pool = openPool({ connectionString: url })
    try {
      await migrateOnce(url)
    } catch (error) {
      await pool.end()
      throw error
    }
    return { db: drizzlePostgres(pool), engine: { pool }, close: () => pool.end() }
  }
  const unlock = lock(`${folder}.lock`, folder)
  mkdirSync(folder, { recursive: true })
  const pglite = await PGlite.create(folder, { extensions: { pg_trgm } })
  const db = drizzlePglite(pglite)
  await migratePglite(db, { migrationsFolder })
  const close = async () => {
    await pglite.close()
    unlock()
  }
  return { db, engine: { pglite }, close }
}

/**
 * Processes that start at the same time migrate one after the other. A migration that must wait for a table gives way to
 * those who use it, and is tried again: nobody who reads or writes waits behind it for longer than `lockMs`.
 */
async function migrateOnce(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    await client.query(`set lock_timeout = ${lockMs}`)
    const db = drizzlePostgres(client)
    for (const end = Date.now() + patienceMs; ; ) {
      try {
        await migratePostgres(db, { migrationsFolder })
        return
      } catch (error) {
        if (!isLockTimeout(error) || Date.now() > end) throw error
        await wait(lockMs)
      }
    }
  } finally {
    // The lock ends with its connection.
    await client.end()
  }
}

/** Postgres: lock_not_available. */
function isLockTimeout(error: unknown): boolean {
  const { code, cause } = error as { code?: string; cause?: { code?: string } }
  return code === '55P03' || cause?.code === '55P03'
}
