import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { keccak256, toHex } from 'viem'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { newPostgresDatabase } from '../../test/database'
import { buyer, startTestMarket, type TestMarket } from '../../test/market'
import { postgresPrograms } from '../../test/postgres'
import { type Database, type Db, openDatabase } from '../db/open'
import { drafts, mints } from '../db/schema'
import { keepArtifact } from '../market/mint/keep-artifact'
import { seedOf } from '../market/mint/seeds'
import type { Blobs } from '../storage/blobs'
import { diskBlobs } from '../storage/disk-blobs'
import { readBlob } from '../storage/read-blob'
import { type Backup, backUp } from './backup'
import { restore } from './restore'
import { tableNames } from './tables'

const folderOf = (name: string) => join(mkdtempSync(join(tmpdir(), 'kinmark-backup-')), name)
const passphrase = 'correct horse battery'
const tensor = Buffer.from('an edited tensor')
const seed = toHex('seed', { size: 32 })

let market: TestMarket
let backup: Backup
const [folder, blobFolder] = [folderOf('backup'), folderOf('blobs')]
const variables = { KINMARK_MINTER_KEY: `0x${'1'.repeat(64)}` }

beforeAll(async () => {
  market = await startTestMarket()
  const model = await market.publishTiny()
  await market.order(model, seed)
  const order = await market.leaseSoon()
  const artifact = await market.unchangedCopy(order)
  await keepArtifact(order.lease, artifact)
  const { db, blobs, env, master } = market.ctx
  // As the minter stores it: a tensor of the copy's own, which no account has uploaded.
  const { sha256: blob, size: length } = await blobs.put([tensor])
  const own = { path: 'own.bin', size: length, sha256: blob, segments: [{ blob, offset: 0, length }] }
  await db.update(mints).set({ files: [...artifact.files, own] })
  await market.indexed()
  const keys = { master: Buffer.from(master).toString('hex'), variables }
  const what = { db, blobs, keys, passphrase, deploymentFile: env.deploymentFile }
  backup = await backUp(folder, what, diskBlobs(blobFolder))
}, 120_000)
afterAll(() => market?.stop())

/** An empty place, as on a new machine. */
async function emptyPlace(url?: string) {
  const data = folderOf('data')
  const database: Database = await openDatabase({ folder: join(data, 'db'), url })
  const [masterKeyFile, deploymentFile] = [join(data, 'master-key'), join(data, 'deployment.json')]
  const blobs = diskBlobs(join(data, 'blobs'))
  return { database, place: { db: database.db, blobs, passphrase, masterKeyFile, deploymentFile } }
}

async function contents(db: Db): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {}
  for (const name of await tableNames(db)) {
    const { rows } = (await db.execute(
      sql`select row_to_json(t)::text as line from ${sql.identifier(name)} t`,
    )) as never as {
      rows: { line: string }[]
    }
    all[name] = rows.map(({ line }) => line).sort()
  }
  return all
}

const places = ['embedded', ...(postgresPrograms() ? ['Postgres'] : [])]

test.each(places)(
  'default: a backup is restored into an empty place, %s, with every row, file and key',
  async (engine) => {
    const { database, place } = await emptyPlace(engine === 'Postgres' ? await newPostgresDatabase() : undefined)
    const { keys, missing, manifest } = await restore(folder, place, diskBlobs(blobFolder))
    expect(missing).toEqual([])
    const [here, there] = [await contents(market.ctx.db), await contents(database.db)]
    for (const name of [
      'models',
      'versions',
      'listings',
      'copies',
      'mints',
      'seeds',
      'preparations',
      'blob_owners',
      'undo',
    ])
      expect(there[name], name).not.toEqual([])
    for (const [name, { rows }] of Object.entries(manifest.tables)) {
      expect(there[name].length, name).toBe(rows)
      // The indexer may have gone on meanwhile.
      if (!['blocks', 'meta', 'undo'].includes(name)) expect(there[name], name).toEqual(here[name])
    }
    for (const { sha256 } of manifest.blobs)
      expect((await readBlob(place.blobs, sha256)).equals(await readBlob(market.ctx.blobs, sha256))).toBe(true)
    expect(manifest.blobs.length).toBe(readdirSync('public/models/tiny').length + 3)
    const { sha256: own } = await market.ctx.blobs.put([tensor])
    expect((await readBlob(place.blobs, own)).equals(tensor)).toBe(true)

    expect(readFileSync(place.masterKeyFile, 'utf8').trim()).toBe(Buffer.from(market.ctx.master).toString('hex'))
    expect(statSync(place.masterKeyFile).mode & 0o777).toBe(0o600)
    expect(keys.variables).toEqual(variables)
    expect(readFileSync(place.deploymentFile)).toEqual(readFileSync(market.ctx.env.deploymentFile))
    const restored = { ...market.ctx, db: database.db, master: Buffer.from(keys.master, 'hex') }
    const opened = await seedOf(restored, buyer.address, keccak256(seed))
    expect(opened && toHex(opened)).toBe(seed)

    await expect(restore(folder, place)).rejects.toMatchObject({ code: 'storage.restore-not-empty' })
    await database.close()
  },
)

test('behavior: without their bytes, the files that are missing are named', async () => {
  const { database, place } = await emptyPlace()
  const { missing } = await restore(folder, place)
  expect(missing.sort()).toEqual(backup.manifest.blobs.map(({ sha256 }) => sha256).sort())
  await database.close()
})

test('behavior: a backup says what the store lost, and copies each file once', async () => {
  const { db, env } = market.ctx
  const [lost] = backup.manifest.blobs
  const blobs: Blobs = {
    ...market.ctx.blobs,
    size: async (name) => (name === lost.sha256 ? null : market.ctx.blobs.size(name)),
  }
  const to = diskBlobs(blobFolder)
  const put = vi.fn(to.put)
  const keys = { master: '0'.repeat(64), variables: {} }
  const what = { db, blobs, keys, passphrase, deploymentFile: env.deploymentFile }
  expect((await backUp(folderOf('again'), what, { ...to, put })).missing).toEqual([lost.sha256])
  expect(put).not.toHaveBeenCalled()
})

test('error: another passphrase, or a changed backup, restores nothing', async () => {
  const { database, place } = await emptyPlace()
  const fails = async (from: string, expected: object, given = place) => {
    await expect(restore(from, given)).rejects.toMatchObject(expected)
    for (const rows of Object.values(await contents(database.db))) expect(rows).toEqual([])
    expect(existsSync(place.masterKeyFile)).toBe(false)
  }
  const copy = () => {
    const changed = folderOf('changed')
    cpSync(folder, changed, { recursive: true })
    return changed
  }
  await fails(folder, { code: 'storage.unseal-failed' }, { ...place, passphrase: 'incorrect horse' })
  await fails(tmpdir(), { code: 'storage.backup-invalid', facts: { file: 'backup.json' } })
  const table = copy()
  appendFileSync(join(table, 'seeds.jsonl.gz'), 'x')
  await fails(table, { code: 'storage.backup-invalid', facts: { file: 'seeds.jsonl.gz' } })
  // Whoever changes a table and its hash too has no passphrase for the new manifest.
  const manifest = copy()
  appendFileSync(join(manifest, 'backup.json'), '\n')
  await fails(manifest, { code: 'storage.unseal-failed' })
  await database.close()
})

test('error: a passphrase that is too short leaves no folder', async () => {
  const { db, blobs, env } = market.ctx
  const what = {
    db,
    blobs,
    keys: { master: '', variables: {} },
    passphrase: 'short',
    deploymentFile: env.deploymentFile,
  }
  const short = folderOf('short')
  await expect(backUp(short, what)).rejects.toMatchObject({ code: 'storage.passphrase-short', facts: { shortest: 12 } })
  expect(existsSync(short)).toBe(false)
})

test('error: a backup of another release', async () => {
  const { database, place } = await emptyPlace()
  await database.db.execute(sql`update drizzle.__drizzle_migrations set created_at = created_at + 1`)
  await expect(restore(folder, place)).rejects.toMatchObject({ code: 'storage.backup-release' })
  expect(await database.db.select().from(drafts)).toEqual([])
  await database.close()
})
