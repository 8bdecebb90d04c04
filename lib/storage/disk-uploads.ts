import { mkdirSync } from 'node:fs'
import { readdir, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { FileStore } from '@tus/file-store'
import type { DiskBlobs } from './disk-blobs'
import type { UploadStore } from './upload-store'

/** tus's store, which says that it could not write, but not that the disk is full. */
class RoomyStore extends FileStore {
  override async write(...given: Parameters<FileStore['write']>): Promise<number> {
    try {
      return await super.write(...given)
    } catch (cause) {
      const { bavail } = await statfs(this.directory)
      throw bavail > 0 ? cause : Object.assign(new Error('The disk is full.', { cause }), { code: 'ENOSPC' })
    }
  }
}

/** Uploads in a folder on the blobs' file system. */
export function diskUploads(folder: string, blobs: DiskBlobs): UploadStore {
  mkdirSync(folder, { recursive: true })
  const data = new RoomyStore({ directory: folder })
  return {
    data,
    async list() {
      const names = (await readdir(folder)).filter((name) => !name.endsWith('.json'))
      const known = await Promise.all(names.map((name) => data.getUpload(name).catch(() => null)))
      return known.filter((upload) => upload !== null)
    },
    take: (id, sha256) => blobs.adopt(join(folder, id), sha256),
    async drop(id) {
      await rm(join(folder, id), { force: true })
      await data.configstore.delete(id)
    },
  }
}
