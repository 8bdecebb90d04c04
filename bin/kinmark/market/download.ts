import { mkdir, rename, rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { lock } from '../../../lib/db/lock'
import { KinmarkError } from '../../../lib/error'
import type { FileEntry } from '../../../lib/manifest/manifest'
import { diskError } from './disk-error'
import { inParallel } from './in-parallel'
import { chunkRange, hashFile, openPart, type Part, removePart } from './part'

type FetchRange = (file: FileEntry, from: number, to: number) => Promise<Uint8Array>

export type DownloadOptions = {
  files: readonly FileEntry[]
  out: string
  /** Replaces files that have other bytes, instead of refusing to. */
  repair: boolean
  connections: number
  fetchRange: FetchRange
  /** `stage`: what is done at the moment, 0 to 1. */
  onProgress(stage: 'check' | 'download', done: number): void
  say(line: string): void
}

/**
 * Brings a folder's files to `out`, in ranges side by side, and checks the SHA-256 of each, also of those that are there
 * already. What a killed program had stored is kept. Returns how many bytes were downloaded. Throws `download.*`,
 * `cli.file-differs`, `cli.disk-full`, `cli.path-unwritable` and `storage.in-use`.
 */
export async function download(options: DownloadOptions): Promise<number> {
  const { files, out, repair, onProgress } = options
  const scratch = join(out, '.kinmark-pull')
  try {
    await mkdir(scratch, { recursive: true })
    const unlock = lock(join(scratch, 'lock'), out)
    try {
      const absent = await checkPresent(files, out, repair, (done) => onProgress('check', done))
      const parts = await Promise.all(absent.map((file) => openPart(scratch, file, files.indexOf(file))))
      try {
        const bytes = await fill(parts, scratch, options)
        for (const part of parts) await finish(part, out, options)
        await rm(scratch, { recursive: true, force: true })
        return bytes
      } finally {
        for (const part of parts) await part.close()
      }
    } finally {
      unlock()
    }
  } catch (error) {
    throw diskError(error, out)
  }
}

/** The files that have to be downloaded. Throws `cli.file-differs` for one with other bytes, unless it is to be repaired. */
async function checkPresent(
  files: readonly FileEntry[],
  out: string,
  repair: boolean,
  onProgress: (done: number) => void,
): Promise<FileEntry[]> {
  const total = files.reduce((sum, { size }) => sum + size, 0)
  let read = 0
  const absent: FileEntry[] = []
  for (const file of files) {
    const sha256 = await hashFile(join(out, file.path), (bytes) => {
      read += bytes
      onProgress(Math.min(1, read / total))
    })
    if (sha256 === file.sha256) continue
    if (sha256 !== null && !repair)
      throw new KinmarkError('cli.file-differs', { path: file.path, folder: out, sha256, expected: file.sha256 })
    absent.push(file)
  }
  return absent
}

/** Downloads the missing chunks of all parts. */
async function fill(
  parts: readonly Part[],
  scratch: string,
  { connections, fetchRange, onProgress }: DownloadOptions,
): Promise<number> {
  const chunks = parts.flatMap((part) =>
    part.missing.map((chunk) => ({ part, chunk, ...chunkRange(part.file, chunk) })),
  )
  const total = parts.reduce((sum, { file }) => sum + file.size, 0)
  const needed = chunks.reduce((sum, { from, to }) => sum + to - from, 0)
  await assertSpace(scratch, needed)
  let fetched = 0
  await inParallel(chunks, connections, async ({ part, chunk, from, to }) => {
    await part.write(chunk, await fetchRange(part.file, from, to))
    fetched += to - from
    onProgress('download', (total - needed + fetched) / total)
  })
  return fetched
}

async function assertSpace(folder: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (needed > free) throw new KinmarkError('download.no-space', { path: folder, needed, free })
}

/** Checks a part's bytes and moves it to its place. Bytes that changed on the disk are downloaded once more. */
async function finish(part: Part, out: string, { fetchRange, say }: DownloadOptions): Promise<void> {
  const { file, path } = part
  const target = join(out, file.path)
  let sha256 = await hashPart(part)
  if (sha256 !== file.sha256) {
    say(`The bytes of “${file.path}” have changed on the disk, or arrived so: downloading the file again.`)
    await part.discard()
    for (let chunk = 0; ; chunk++) {
      const { from, to } = chunkRange(file, chunk)
      if (from >= file.size) break
      await part.write(chunk, await fetchRange(file, from, to))
    }
    sha256 = await hashPart(part)
  }
  if (sha256 !== file.sha256) {
    await removePart(path)
    throw new KinmarkError('download.hash-mismatch', { path: file.path, sha256, expected: file.sha256 })
  }
  await mkdir(dirname(target), { recursive: true })
  await rename(path, target)
  await removePart(path)
}

/** Of the whole part; one that is too long has other bytes too. */
async function hashPart({ path }: Part): Promise<string> {
  return (await hashFile(path)) ?? ''
}
