import { createHash } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileEntry } from '../../../lib/manifest/manifest'

/** A download that a killed program loses at most. */
export const chunkBytes = 8 * 2 ** 20

/** A file under way: its bytes so far, and which of its chunks are on the disk. */
export type Part = {
  file: FileEntry
  path: string
  /** The chunks that are still missing. */
  missing: number[]
  /** Stores a chunk, and notes it once it is durable. */
  write(chunk: number, bytes: Uint8Array): Promise<void>
  /** Forgets what is there. */
  discard(): Promise<void>
  close(): Promise<void>
}

/** Bytes `from` (inclusive) to `to` (exclusive). */
export function chunkRange({ size }: Pick<FileEntry, 'size'>, chunk: number): { from: number; to: number } {
  return { from: chunk * chunkBytes, to: Math.min((chunk + 1) * chunkBytes, size) }
}

/** The part of `file` in `folder`, with what earlier runs left of it. */
export async function openPart(folder: string, file: FileEntry, number: number): Promise<Part> {
  const path = join(folder, `${number}-${file.sha256}`)
  const journalPath = `${path}.chunks`
  const count = Math.ceil(file.size / chunkBytes)
  const stored = chunksIn(await readFile(journalPath, 'utf8').catch(() => ''), count)
  const bytes = await open(path, constants.O_RDWR | constants.O_CREAT)
  // Without its bytes a journal says nothing.
  if ((await bytes.stat()).size === 0) stored.clear()
  const journal = await open(journalPath, stored.size > 0 ? 'a' : 'w')
  return {
    file,
    path,
    missing: Array.from({ length: count }, (_, chunk) => chunk).filter((chunk) => !stored.has(chunk)),
    async write(chunk, data) {
      await bytes.write(data, 0, data.length, chunk * chunkBytes)
      await bytes.datasync()
      await journal.appendFile(`${chunk}\n`)
    },
    async discard() {
      await journal.truncate(0)
      await bytes.truncate(0)
    },
    async close() {
      await journal.close()
      await bytes.close()
    },
  }
}

/** The chunks in a journal. The last line of a program that was killed may be half a number, and does not count. */
export function chunksIn(journal: string, count: number): Set<number> {
  const lines = journal.slice(0, journal.lastIndexOf('\n') + 1).split('\n')
  return new Set(
    lines
      .filter((line) => /^\d{1,9}$/.test(line))
      .map(Number)
      .filter((chunk) => chunk < count),
  )
}

/** Deletes a part that has become its file, or is of no use. */
export async function removePart(path: string): Promise<void> {
  await rm(path, { force: true })
  await rm(`${path}.chunks`, { force: true })
}

/** SHA-256 of a file in hex; null where there is none. */
export async function hashFile(
  path: string,
  onRead: (bytes: number) => void = () => undefined,
): Promise<string | null> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
      hash.update(chunk)
      onRead(chunk.length)
    }
    return hash.digest('hex')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
