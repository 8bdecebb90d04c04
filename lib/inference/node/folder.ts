import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { KinmarkError } from '../../error'
import type { Bytes, NamedBytes } from '../../weights/bytes'

/** The visible files at the top of a folder. A file is open only while a slice of it is read. */
export async function folderFiles(folder: string): Promise<NamedBytes[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause) => {
    throw new KinmarkError('inference.folder-unreadable', { folder }, { cause })
  })
  const names = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name)
  return Promise.all(names.sort().map(async (path) => ({ path, bytes: await fileBytes(join(folder, path)) })))
}

async function fileBytes(path: string): Promise<Bytes> {
  const file = await open(path)
  const { size } = await file.stat()
  await file.close()
  return {
    byteLength: size,
    async slice(from, to) {
      const handle = await open(path)
      try {
        const out = new Uint8Array(Math.max(0, Math.min(to, size) - from))
        const { bytesRead } = await handle.read(out, 0, out.length, from)
        return out.subarray(0, bytesRead)
      } finally {
        await handle.close()
      }
    },
  }
}
