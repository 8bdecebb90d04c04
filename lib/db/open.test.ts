import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { describe, expect, test } from 'vitest'
import { newPostgresDatabase } from '../../test/database'
import { postgresPrograms } from '../../test/postgres'
import { openDatabase } from './open'

const { entries } = JSON.parse(readFileSync('lib/db/migrations/meta/_journal.json', 'utf8')) as {
  entries: { when: number }[]
}

const connected = async (url: string) => {
  const client = new Client({ connectionString: url })
  await client.connect()
  return client
}

describe.skipIf(!postgresPrograms())('migrations on Postgres', () => {
  test('default: of processes that start at the same time, one migrates', async () => {
    const url = await newPostgresDatabase()
    const program = `import { openDatabase } from './lib/db/open'
      const { close } = await openDatabase({ folder: '', url: process.argv.at(-1) })
      await close()`
    const args = ['--import', 'tsx', '--input-type=module', '-e', program, url]
    await Promise.all([1, 2, 3].map(() => promisify(execFile)(process.execPath, args)))
    const client = await connected(url)
    const { rows } = await client.query('select hash from drizzle.__drizzle_migrations')
    await client.end()
    expect(rows).toHaveLength(entries.length)
  }, 60_000)

  test('behavior: a migration gives way to those who use a table, and is made once they are done', async () => {
    const url = await newPostgresDatabase()
    const [user, other] = [await connected(url), await connected(url)]
    // Every migration writes here, as Drizzle names it.
    await user.query('create schema drizzle')
    await user.query(
      'create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)',
    )
    await user.query('begin')
    await user.query('lock table drizzle.__drizzle_migrations in share mode')
    let done = false
    const opened = openDatabase({ folder: '', url }).then((database) => {
      done = true
      return database
    })
    // Whoever comes after the migration does not wait until it is made.
    for (let waited = 0; waited < 3; waited++) {
      await other.query('begin; lock table drizzle.__drizzle_migrations in share mode; commit')
      await new Promise((next) => setTimeout(next, 700))
    }
    expect(done).toBe(false)
    await user.query('commit')
    await (await opened).close()
    const { rows } = await other.query('select hash from drizzle.__drizzle_migrations')
    expect(rows).toHaveLength(entries.length)
    for (const client of [user, other]) await client.end()
  }, 30_000)

  test('error: a migration that fails leaves no lock behind', async () => {
    const url = await newPostgresDatabase()
    const client = await connected(url)
    await client.query('create table models (id integer)')
    await expect(openDatabase({ folder: '', url })).rejects.toThrow()
    await client.query('drop table models')
    const { close } = await openDatabase({ folder: '', url })
    await close()
    await client.end()
  })
})
