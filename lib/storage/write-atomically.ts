import { randomUUID } from 'node:crypto'
import { rename, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

/**
 * Lets `write` make a file or folder beside `target`, then renames it to `target`: it appears there complete or not at
 * all. An existing file or empty folder is replaced.
 */
export function writeAtomically<T>(target: string, write: (temporary: string) => Promise<T>): Promise<T> {
  const path = resolve(target)
  return writeThenRename(join(dirname(path), `.${basename(path)}-${randomUUID()}`), write, () => path)
}

/**
 * The same where the target depends on what was written. `temporary` must be on the target’s file system; it is removed
 * when `write` or the rename fails.
 */
export async function writeThenRename<T>(
  temporary: string,
  write: (temporary: string) => Promise<T>,
  targetOf: (written: T) => string | Promise<string>,
): Promise<T> {
  try {
    const written = await write(temporary)
    const target = await targetOf(written)
    await rmdir(target).catch(() => undefined)
    await rename(temporary, target)
    return written
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    throw error
  }
}
