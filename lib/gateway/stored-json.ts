import { readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from './log/sync-folder'

/** The text of a file, or `absent` where there is none. */
export async function readOr<Absent>(file: string, absent: Absent): Promise<string | Absent> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return absent
    throw error
  })
}

/** Replaces a file, readable by its owner only, so that at any moment the old or the new one is whole, also after a power cut. */
export async function storeJson(file: string, value: unknown): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(value), { mode: 0o600, flush: true })
  await rename(`${file}.new`, file)
  await syncFolder(dirname(file))
}
