import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Db } from '../db/open'
import { KinmarkError } from '../error'
import { unsealWithPassphrase } from '../sealing/passphrase'
import type { Blobs } from '../storage/blobs'
import { copyBlob, sizesOf } from './backup'
import { type BackupManifest, backupFiles, type Keys, keysSchema, manifestSchema, sealName } from './folder'
import { insertRows, isEmpty, newestMigration, tableNames } from './tables'

const batchRows = 200
/** Characters of rows in one statement, at most one row more. */
const batchCharacters = 4_000_000

type Place = {
  db: Db
  blobs: Blobs
  passphrase: string
  /** Where the master key goes; null where the environment has it. */
  masterKeyFile: string | null
  deploymentFile: string
}

/** What was restored, and the blobs that the tables need and the store does not have. */
type Restored = { manifest: BackupManifest; keys: Keys; missing: string[] }

/**
 * Restores the backup in `folder` into an empty place. With `copyFrom`, blobs come from there. Nothing is written before
 * the whole backup was checked, and the tables are filled in one transaction. Throws `storage.backup-invalid`,
 * `storage.backup-release`, `storage.restore-not-empty` and `storage.unseal-failed` (another passphrase, or a changed
 * backup).
 */
export async function restore(
  folder: string,
  { db, blobs, passphrase, masterKeyFile, deploymentFile }: Place,
  copyFrom?: Blobs,
): Promise<Restored> {
  const text = await readFile(join(folder, backupFiles.manifest), 'utf8').catch((cause) => {
    throw new KinmarkError('storage.backup-invalid', { folder, file: backupFiles.manifest }, { cause })
  })
  const sealed = await readFile(join(folder, backupFiles.keys))
  const opened = unsealWithPassphrase(passphrase, sealName(text), sealed)
  const keys = keysSchema.parse(JSON.parse(Buffer.from(opened).toString()))
  const manifest = manifestSchema.parse(JSON.parse(text))
  await assertWhole(folder, manifest)
  await assertFits(db, manifest)
  for (const file of [masterKeyFile, deploymentFile])
    if (file && existsSync(file)) throw new KinmarkError('storage.restore-not-empty', { what: file })

  if (copyFrom) for (const { sha256 } of manifest.blobs) await copyBlob(copyFrom, blobs, sha256)
  await db.transaction(async (tx) => {
    for (const name of await tableNames(tx)) await fill(tx, name, fileOf(folder, name))
  })
  await mkdir(dirname(deploymentFile), { recursive: true })
  await copyFile(join(folder, backupFiles.deployment), deploymentFile)
  if (masterKeyFile) await writeFile(masterKeyFile, `${keys.master}\n`, { mode: 0o600, flag: 'wx' })
  const here = await sizesOf(
    blobs,
    manifest.blobs.map(({ sha256 }) => sha256),
  )
  const missing = manifest.blobs.filter(({ sha256, size }) => here.get(sha256) !== size).map(({ sha256 }) => sha256)
  return { manifest, keys, missing }
}

const fileOf = (folder: string, table: string) => join(folder, `${table}.jsonl.gz`)

async function assertWhole(folder: string, { tables }: BackupManifest): Promise<void> {
  for (const [name, { sha256 }] of Object.entries(tables)) {
    const hash = createHash('sha256')
    await pipeline(createReadStream(fileOf(folder, name)), hash).catch((cause) => {
      throw new KinmarkError('storage.backup-invalid', { folder, file: `${name}.jsonl.gz` }, { cause })
    })
    if (hash.digest('hex') !== sha256)
      throw new KinmarkError('storage.backup-invalid', { folder, file: `${name}.jsonl.gz` })
  }
}

async function assertFits(db: Db, { migration, tables }: BackupManifest): Promise<void> {
  const here = await newestMigration(db)
  if (here !== migration) throw new KinmarkError('storage.backup-release', { backup: migration, here })
  for (const name of Object.keys(tables))
    if (!(await isEmpty(db, name))) throw new KinmarkError('storage.restore-not-empty', { what: `the table ${name}` })
}

async function fill(tx: Db, table: string, file: string): Promise<void> {
  let lines: string[] = []
  let characters = 0
  const insert = async () => {
    if (lines.length > 0) await insertRows(tx, table, lines)
    lines = []
    characters = 0
  }
  for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) })) {
    characters += line.length
    if (lines.push(line) === batchRows || characters > batchCharacters) await insert()
  }
  await insert()
}
