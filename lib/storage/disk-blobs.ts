import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, link, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { KinmarkError } from '../error'
import { assertBlob, type Blob, type Blobs, blobPath, hashOf } from './blobs'
import { writeThenRename } from './write-atomically'

export type DiskBlobs = Blobs & {
  /** Hashes a file and moves it into the store when the hash is `sha256`. Otherwise the file stays where it is. */
  adopt(file: string, sha256: string): Promise<Blob>
}

/** Blobs in a folder. */
export function diskBlobs(folder: string): DiskBlobs {
  const pathOf = (sha256: string) => join(folder, blobPath(sha256))
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
    async put(bytes, expected) {
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
      return writeThenRename(join(incoming, randomUUID()), write, (found) => {
        assertBlob(found, expected)
        return placeFor(found.sha256)
      })
    },
    read(sha256, from = 0, to = Number.POSITIVE_INFINITY) {
      if (to <= from) return Readable.from([])
      return createReadStream(pathOf(sha256), { start: from, end: to - 1, highWaterMark: 1 << 18 })
    },
    link: async () => null,
    uploadLink: async () => null,
    async take(upload) {
      throw new KinmarkError('storage.upload-unknown', { upload })
    },
    remove: (sha256) => rm(pathOf(sha256), { force: true }),
    async materialize(sha256, target) {
      const path = pathOf(sha256)
      await mkdir(dirname(target), { recursive: true })
      await link(path, target).catch(() => copyFile(path, target))
    },
  }
}
