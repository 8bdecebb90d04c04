import { open, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { KinmarkError } from '../../error'
import type { Bytes, NamedBytes } from '../../weights/bytes'

/** The visible files at the top of a folder, links followed. A file is open only while a slice of it is read. */
export async function folderFiles(folder: string): Promise<NamedBytes[]> {
  const names = await readdir(folder).catch((cause) => {
    throw new KinmarkError('inference.folder-unreadable', { folder }, { cause })
  })
  const files = await Promise.all(
    names
      .filter((name) => !name.startsWith('.'))
      .sort()
      .map(async (path) => ({ path, bytes: await fileBytes(folder, path) })),
  )
  return files.flatMap(({ path, bytes }) => (bytes ? [{ path, bytes }] : []))
}

/** Null for a folder. */
async function fileBytes(folder: string, name: string): Promise<Bytes | null> {
  const path = join(folder, name)
  const found = await stat(path).catch((cause) => {
    throw new KinmarkError('inference.link-dangling', { path: name, folder }, { cause })
  })
  if (found.isDirectory()) return null
  const { size } = found
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

/** A folder, and the names in it of files that have other names elsewhere. */
export type RealPlace = { folder: string; names: ReadonlyMap<string, string> }

/**
 * Where files of a folder are once links are followed, as in a cache whose files link to a folder of blobs: that one
 * folder, and each file's name there; null if they are in several folders.
 */
export async function realPlace(folder: string, paths: readonly string[]): Promise<RealPlace | null> {
  const found = await Promise.all(paths.map(async (path) => [path, await realpath(join(folder, path))] as const))
  const folders = new Set(found.map(([, real]) => dirname(real)))
  if (folders.size > 1) return null
  const names = new Map(found.map(([path, real]) => [path, basename(real)]))
  return { folder: [...folders][0] ?? folder, names }
}
