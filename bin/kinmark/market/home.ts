import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { z } from 'zod'
import { KinmarkError } from '../../../lib/error'
import { diskError } from './disk-error'

/** The folder for the login and for what must be done once: KINMARK_HOME, or .kinmark in the user's folder. */
export const home = (...names: string[]): string =>
  join(process.env.KINMARK_HOME || join(homedir(), '.kinmark'), ...names)

/** A file of ours as its schema has it; null where there is none. Throws `cli.file-foreign`. */
export async function readStored<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<z.output<Schema> | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new KinmarkError('cli.file-unreadable', { path: file }, { cause: error })
  })
  if (text === null) return null
  try {
    return schema.parse(JSON.parse(text))
  } catch (cause) {
    throw new KinmarkError('cli.file-foreign', { path: file }, { cause })
  }
}

/** Stores a file that only its owner can read. It is on the disk, whole, when this returns. */
export async function store(file: string, value: unknown): Promise<void> {
  const temporary = `${file}.${process.pid}.new`
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const handle = await open(temporary, 'w', 0o600)
    try {
      await handle.writeFile(`${JSON.stringify(value, null, 2)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
    await syncFolder(dirname(file))
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw diskError(error, file)
  }
}

/** The name of a new file is durable only with its folder. Windows has no such thing. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder)
  await handle.sync().finally(() => handle.close())
}
