import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { sql } from 'drizzle-orm'
import type { Db } from '../db/open'
import { blobOwners, mints, preparations } from '../db/schema'
import { sealWithPassphrase } from '../sealing/passphrase'
import type { Blobs } from '../storage/blobs'
import { writeAtomically } from '../storage/write-atomically'
import { type BackupManifest, backupFiles, type Keys, sealName } from './folder'
import { newestMigration, rowsOf, tableNames } from './tables'

const batchRows = 200
/** Blobs that the store is asked about at once. */
const askedBlobs = 32

type What = {
  db: Db
  blobs: Blobs
  keys: Keys
  passphrase: string
  /** The file with the contracts’ addresses. */
  deploymentFile: string
}

/** What was written, and the blobs that the tables need and the store does not have. */
export type Backup = { manifest: BackupManifest; missing: string[] }

/**
 * Writes a backup into `folder`, which appears whole or not at all: every table as of one moment, the keys sealed with the
 * passphrase, and the names of the blobs that the tables need. With `copyTo`, their bytes are put there too, if they are
 * not there already. Kinmark may serve meanwhile on Postgres.
 */
export function backUp(
  folder: string,
  { db, blobs, keys, passphrase, deploymentFile }: What,
  copyTo?: Blobs,
): Promise<Backup> {
  return writeAtomically(folder, async (temporary) => {
    await mkdir(temporary, { recursive: true, mode: 0o700 })
    const tables: BackupManifest['tables'] = {}
    let needed: string[] = []
    let migration = 0
    await db.transaction(
      async (tx) => {
        migration = await newestMigration(tx)
        for (const name of await tableNames(tx))
          tables[name] = await writeTable(tx, name, join(temporary, `${name}.jsonl.gz`))
        needed = await neededBlobs(tx)
      },
      { isolationLevel: 'repeatable read', accessMode: 'read only' },
    )
    const found = await sizesOf(blobs, needed)
    const missing = needed.filter((sha256) => !found.has(sha256))
    const there = [...found].map(([sha256, size]) => ({ sha256, size }))
    if (copyTo) for (const { sha256 } of there) await copyBlob(blobs, copyTo, sha256)
    const manifest: BackupManifest = { at: new Date().toISOString(), migration, tables, blobs: there }
    const text = JSON.stringify(manifest, null, 1)
    await writeFile(join(temporary, backupFiles.manifest), text)
    const sealed = sealWithPassphrase(passphrase, sealName(text), Buffer.from(JSON.stringify(keys)))
    await writeFile(join(temporary, backupFiles.keys), sealed, { mode: 0o600 })
    await copyFile(deploymentFile, join(temporary, backupFiles.deployment))
    return { manifest, missing }
  })
}

/** The sizes of those that the store has, in bytes. */
export async function sizesOf(blobs: Blobs, names: readonly string[]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  for (let at = 0; at < names.length; at += askedBlobs) {
    const asked = names.slice(at, at + askedBlobs)
    const answers = await Promise.all(asked.map((sha256) => blobs.size(sha256)))
    for (const [i, size] of answers.entries()) if (size !== null) sizes.set(asked[i], size)
  }
  return sizes
}

/** Copies a blob that is not there yet. */
export async function copyBlob(from: Blobs, to: Blobs, sha256: string): Promise<void> {
  if ((await to.size(sha256)) === null) await to.put(from.read(sha256))
}

/** One JSON object a row, compressed. The hash is of the compressed file. */
async function writeTable(tx: Db, name: string, file: string): Promise<{ rows: number; sha256: string }> {
  const hash = createHash('sha256')
  const gzip = createGzip()
  const out = createWriteStream(file, { mode: 0o600 })
  gzip.on('data', (chunk) => hash.update(chunk))
  gzip.pipe(out)
  let rows = 0
  for await (const lines of rowsOf(tx, name, batchRows)) {
    rows += lines.length
    if (!gzip.write(`${lines.join('\n')}\n`)) await once(gzip, 'drain')
  }
  gzip.end()
  await finished(out)
  return { rows, sha256: hash.digest('hex') }
}

/** Every blob that an account owns, a copy or a visitors’ copy consists of, or a preparation is. */
async function neededBlobs(tx: Db): Promise<string[]> {
  const owned = await tx.selectDistinct({ sha256: blobOwners.sha256 }).from(blobOwners)
  const prepared = await tx.select({ sha256: preparations.blob, files: preparations.visitorsCopy }).from(preparations)
  const minted = await tx.select({ files: mints.files }).from(mints).where(sql`${mints.files} is not null`)
  const segments = [...minted, ...prepared].flatMap(({ files }) => files ?? []).flatMap((file) => file.segments)
  const names = [...owned, ...prepared].map(({ sha256 }) => sha256)
  return [...new Set([...names, ...segments.map(({ blob }) => blob)])].sort()
}
