import { createHash, randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
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
  const url = await testDatabaseUrl()
  if (!url) await copyMigrated(folder)
  return openDatabase({ folder, url })
}

/** Copies a migrated embedded database to a folder, which takes a tenth of the time of migrating a new one. */
export async function copyMigrated(folder: string): Promise<void> {
  cpSync(await migrated(), folder, { recursive: true })
}

const caches = 'node_modules/.cache/kinmark'
const migrations = 'lib/db/migrations'

/** The folder of a migrated database that is only copied. Its name follows from the migrations and PGlite’s version. */
async function migrated(): Promise<string> {
  const files = readdirSync(migrations, { recursive: true, encoding: 'utf8' }).filter((file) => /\.\w+$/.test(file))
  const hash = createHash('sha256').update(readFileSync('node_modules/@electric-sql/pglite/package.json'))
  for (const file of files.sort()) hash.update(`${file}\0`).update(readFileSync(join(migrations, file)))
  const folder = join(caches, `migrated-${hash.digest('hex').slice(0, 16)}`)
  if (existsSync(folder)) return folder
  mkdirSync(caches, { recursive: true })
  const own = mkdtempSync(join(caches, 'migrating-'))
  const { close } = await openDatabase({ folder: join(own, 'db') })
  await close()
  try {
    renameSync(join(own, 'db'), folder)
  } catch (error) {
    if (!existsSync(folder)) throw error // else another process was faster
  }
  rmSync(own, { recursive: true, force: true })
  return folder
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
