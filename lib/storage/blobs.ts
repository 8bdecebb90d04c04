import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, link, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { KinmarkError } from '../error'
import { writeThenRename } from './write-atomically'

export type Blob = { sha256: string; size: number }

/**
 * A store of immutable bytes, named by their SHA-256 in hex. Callers know this type only, so that another store, such as
 * an S3-compatible bucket, can replace the disk. Every method throws `storage.sha256-invalid` for a malformed name.
 */
export type Blobs = {
  put(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Blob>
  /** Hashes a file and moves it into the store when the hash is `sha256`. Otherwise the file stays where it is. */
  adopt(file: string, sha256: string): Promise<Blob>
  /** Size in bytes; null when the store does not have the blob. */
  size(sha256: string): Promise<number | null>
  /** Bytes from `from` (inclusive) to `to` (exclusive). */
  read(sha256: string, from?: number, to?: number): AsyncIterable<Uint8Array>
  /** Deletes the blob, if the store has it. */
  remove(sha256: string): Promise<void>
  /** Makes the blob available as a file at `target`, without a copy of its bytes where the store can. */
  materialize(sha256: string, target: string): Promise<void>
}

export function diskBlobs(folder: string): Blobs {
  const pathOf = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new KinmarkError('storage.sha256-invalid', { text: sha256 })
    return join(folder, sha256.slice(0, 2), sha256)
  }
  const size = (sha256: string) =>
    stat(pathOf(sha256)).then(
      (found) => found.size,
      () => null,
    )
  const placeFor = async (sha256: string) => {
    const path = pathOf(sha256)
    await mkdir(dirname(path), { recursive: true })
    return path
  }
  const adopt = async (file: string, sha256: string) => {
    const handle = await open(file, 'r+')
    await handle.sync().finally(() => handle.close())
    const found = await hashOf(createReadStream(file))
    if (found.sha256 === sha256) await rename(file, await placeFor(sha256))
    return found
  }

  return {
    adopt,
    size,
    async put(bytes) {
      const incoming = join(folder, 'incoming')
      await mkdir(incoming, { recursive: true })
      const write = async (temporary: string) => {
        const handle = await open(temporary, 'wx')
        const hash = createHash('sha256')
        let size = 0
        try {
          for await (const chunk of bytes) {
            hash.update(chunk)
            await handle.writeFile(chunk)
            size += chunk.byteLength
          }
          await handle.sync()
        } finally {
          await handle.close()
        }
        return { sha256: hash.digest('hex'), size }
      }
      return writeThenRename(join(incoming, randomUUID()), write, ({ sha256 }) => placeFor(sha256))
    },
    read(sha256, from = 0, to = Number.POSITIVE_INFINITY) {
      if (to <= from) return Readable.from([])
      return createReadStream(pathOf(sha256), { start: from, end: to - 1, highWaterMark: 1 << 18 })
    },
    remove: (sha256) => rm(pathOf(sha256), { force: true }),
    async materialize(sha256, target) {
      const path = pathOf(sha256)
      await mkdir(dirname(target), { recursive: true })
      await link(path, target).catch(() => copyFile(path, target))
    },
  }
}

/** SHA-256 and size of a stream. */
export async function hashOf(bytes: NodeJS.ReadableStream | AsyncIterable<Uint8Array>): Promise<Blob> {
  const hash = createHash('sha256')
  let size = 0
  await pipeline(bytes, async (chunks: AsyncIterable<Uint8Array>) => {
    for await (const chunk of chunks) {
      hash.update(chunk)
      size += chunk.byteLength
    }
  })
  return { sha256: hash.digest('hex'), size }
}
