import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { type Database, openDatabase } from '../lib/db/open'
import { startPostgres } from './postgres'

/** Of this process. Postgres ends with it. */
let started: Promise<string> | null = null

/** An empty database of its own: embedded, or with KINMARK_TEST_DATABASE=postgres on a temporary Postgres. */
export async function openTestDatabase(): Promise<Database> {
  const folder = join(mkdtempSync(join(tmpdir(), 'kinmark-database-')), 'db')
  return openDatabase({ folder, url: await testDatabaseUrl() })
}

/** The URL of an empty database on Postgres; undefined where tests use the embedded one. */
export async function testDatabaseUrl(): Promise<string | undefined> {
  return process.env.KINMARK_TEST_DATABASE === 'postgres' ? newPostgresDatabase() : undefined
}

/** The URL of an empty database on this process's temporary Postgres. */
export async function newPostgresDatabase(): Promise<string> {
  started ??= startPostgres().then(({ url }) => url)
  const url = await started
  const name = `kinmark_${randomBytes(6).toString('hex')}`
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  return url.replace(/postgres$/, name)
}
