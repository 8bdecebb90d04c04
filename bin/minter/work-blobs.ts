import { readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Env } from '../../lib/env'
import { KinmarkError } from '../../lib/error'
import type { MinterWork } from '../../lib/minting/blob-link'
import { type Blobs, blobPath } from '../../lib/storage/blobs'
import { type DiskBlobs, diskBlobs } from '../../lib/storage/disk-blobs'
import { download, upload } from './blob-transfer'
import type { Minter } from './minter'

/** A minter stores, reads and unpacks blobs; it removes none. */
export type WorkBlobs = Pick<Blobs, 'put' | 'size' | 'read' | 'materialize'>

const folderOf = ({ data }: Pick<Env, 'data'>) => join(data, 'minter-blobs')

/**
 * The blobs of one piece of work. What this machine has in the app’s folder is read there; anything else is loaded by signed
 * links into a folder of the minter, where it stays for the next work (`trimBlobs`). What the work makes is kept there and
 * sent to the app.
 */
export function openWorkBlobs({ env, client }: Minter, work: MinterWork): WorkBlobs {
  const shared = diskBlobs(join(env.data, 'blobs'))
  const own = diskBlobs(folderOf(env))
  const fileOf = (sha256: string) => join(folderOf(env), blobPath(sha256))

  const held = async (sha256: string): Promise<DiskBlobs | null> => {
    if ((await shared.size(sha256)) !== null) return shared
    if ((await own.size(sha256)) === null) return null
    const now = new Date()
    await utimes(fileOf(sha256), now, now)
    return own
  }
  const load = async (sha256: string): Promise<DiskBlobs> => {
    const found = await held(sha256)
    if (found) return found
    const { size } = await client.link({ method: 'GET', work, sha256 })
    await own.put(download(client, work, { sha256, size }), { sha256, size })
    return own
  }
  return {
    async size(sha256) {
      const found = await held(sha256)
      if (found) return found.size(sha256)
      return client.link({ method: 'GET', work, sha256 }).then(({ size }) => size, nullWhereMissing)
    },
    async *read(sha256, from, to) {
      yield* (await load(sha256)).read(sha256, from, to)
    },
    async materialize(sha256, target) {
      await (await load(sha256)).materialize(sha256, target)
    },
    async put(bytes, expected) {
      const blob = await own.put(bytes, expected)
      await upload(client, work, blob, fileOf(blob.sha256))
      if ((await shared.size(blob.sha256)) !== null) await own.remove(blob.sha256)
      return blob
    },
  }
}

function nullWhereMissing(error: unknown): null {
  if (error instanceof KinmarkError && error.code === 'minting.blob-missing') return null
  throw error
}

/** Deletes what the minter has not used for longest, until its folder has at most `most` bytes. */
export async function trimBlobs(env: Pick<Env, 'data'>, most: number): Promise<void> {
  const names = await readdir(folderOf(env), { recursive: true }).catch(() => [])
  const paths = names
    .filter((name) => /^[0-9a-f]{2}\/[0-9a-f]{64}$/.test(name))
    .map((name) => join(folderOf(env), name))
  const files = await Promise.all(paths.map(async (path) => ({ path, ...(await stat(path)) })))
  let sum = files.reduce((bytes, { size }) => bytes + size, 0)
  for (const { path, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (sum <= most) return
    await rm(path, { force: true })
    sum -= size
  }
}
