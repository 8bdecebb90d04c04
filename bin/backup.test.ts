import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'drizzle-orm'
import { keccak256, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { tableNames } from '../lib/backup/tables'
import { localAccount } from '../lib/chain/accounts'
import { toModelId } from '../lib/chain/ids'
import { type Db, openDatabase } from '../lib/db/open'
import { blobOwners, drafts, ledger, preparations, proposals, seeds } from '../lib/db/schema'
import { diskBlobs } from '../lib/storage/disk-blobs'
import { readBlob } from '../lib/storage/read-blob'
import { newPostgresDatabase } from '../test/database'
import { postgresPrograms } from '../test/postgres'

const owner = localAccount(5).address
const hash = keccak256('0x00')
const most = 2n ** 256n - 1n

/** Rows whose values are easily changed on the way: 78 digits, quotes, JSON in JSON, arrays, microseconds. */
async function fill(db: Db, blob: string, visitors: string): Promise<void> {
  await db.insert(blobOwners).values({ sha256: blob, owner })
  const line = { modelId: toModelId(1n), kind: 'payment' as const, at: 1_800_000_000, tx: hash }
  await db
    .insert(ledger)
    .values(Array.from({ length: 1_234 }, (_, i) => ({ ...line, block: i, logIndex: i % 7, amount: most - BigInt(i) })))
  await db
    .insert(seeds)
    .values({ hash, owner, sealed: `it's "sealed"\\ \n\t𝔎 – é`, storedAt: new Date(1_700_000_000_123) })
  const path = 'größe "1".bin'
  await db.insert(drafts).values({
    ...{ id: 'draft', owner, manifestRoot: hash, received: { [path]: blob } },
    files: [{ path, size: 3, sha256: blob }],
  })
  await db.insert(preparations).values({
    ...{ modelId: toModelId(1n), manifestRoot: hash, blob },
    visitorsCopy: [{ path, size: 3, sha256: visitors, segments: [{ blob: visitors, offset: 0, length: 3 }] }],
  })
  await db.insert(proposals).values({
    ...{ governor: owner, id: String(most), modelId: toModelId(1n), proposer: owner, description: '{"a, b"}' },
    ...{ targets: [owner, owner], calls: ['0x', toHex('a,"b')], step: 'made', voteStart: 1, voteEnd: 2 },
    ...{ madeBlock: 1, madeLogIndex: 0, madeAt: 1, tx: hash },
  })
}

async function contents(db: Db): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {}
  for (const name of await tableNames(db)) {
    const found = await db.execute(sql`select row_to_json(t)::text as line from ${sql.identifier(name)} t`)
    all[name] = (found as unknown as { rows: { line: string }[] }).rows.map(({ line }) => line).sort()
  }
  return all
}

describe.skipIf(!postgresPrograms())('npm run backup and npm run restore', () => {
  test('default: what a Postgres has is restored into an empty one, while the first is used', async () => {
    const [from, to] = [await newPostgresDatabase(), await newPostgresDatabase()]
    const folder = mkdtempSync(join(tmpdir(), 'kinmark-backup-'))
    const at = (name: string) => join(folder, name)
    const run = (program: string, data: string, url: string) =>
      promisify(execFile)(
        process.execPath,
        ['--import', 'tsx', `bin/${program}.ts`, at('backup'), '--blobs', at('blobs-of-backups')],
        {
          env: {
            ...process.env,
            KINMARK_DATA: at(data),
            DATABASE_URL: url,
            KINMARK_BACKUP_PASSPHRASE: 'correct horse battery',
          },
        },
      )
    const source = await openDatabase({ folder: '', url: from })
    const blobs = diskBlobs(at('old/blobs'))
    const [blob, visitors] = [await blobs.put([Buffer.from('abc')]), await blobs.put([Buffer.from('xyz')])]
    await fill(source.db, blob.sha256, visitors.sha256)
    writeFileSync(at('old/deployment.json'), '{}')
    const before = await contents(source.db)
    expect(before.ledger).toHaveLength(1_234)
    expect((await run('backup', 'old', from)).stdout).toContain('names 2 files')
    await source.db.delete(ledger)
    expect((await run('restore', 'new', to)).stderr).toBe('')
    const restored = await openDatabase({ folder: '', url: to })
    expect(await contents(restored.db)).toEqual(before)
    for (const { sha256 } of [blob, visitors])
      expect(await readBlob(diskBlobs(at('new/blobs')), sha256)).toEqual(await readBlob(blobs, sha256))
    await expect(run('restore', 'again', to)).rejects.toMatchObject({ code: 1 })
    await source.close()
    await restored.close()
  })
})
