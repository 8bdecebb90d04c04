import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { StageStore } from '../../lib/fingerprint/stages/stage-store'
import { seal, unseal } from '../../lib/sealing/seal'

/**
 * Stores finished steps of a preparation in `folder`, sealed with the version's secret. A step is found again with the
 * same secret and the same `subject` (options and files) only.
 */
export function sealedStages(
  folder: string,
  secret: Uint8Array,
  subject: unknown,
): StageStore & Required<Pick<StageStore, 'claim'>> & { forget(): Promise<void> } {
  const own = join(folder, hash(Buffer.concat([secret, Buffer.from(JSON.stringify(subject))])))
  const fileOf = (name: string) => join(own, hash(Buffer.from(name)))
  const sealName = (name: string) => `stage ${name}`
  return {
    async read(name) {
      const sealed = await readFile(fileOf(name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null
        throw error
      })
      return sealed && new Uint8Array(unseal(secret, sealName(name), sealed))
    },
    async write(name, bytes) {
      await mkdir(own, { recursive: true, mode: 0o700 })
      const unfinished = `${fileOf(name)}.${process.pid}`
      await writeFile(unfinished, seal(secret, sealName(name), bytes), { mode: 0o600 })
      await rename(unfinished, fileOf(name))
    },
    claim: (name) => claimed(own, `${fileOf(name)}.claim`),
    forget: () => rm(own, { recursive: true, force: true }),
  }
}

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex').slice(0, 32)

const refreshMs = 5_000
/** A claim that was not refreshed for this long was left by a machine that is gone. */
const silenceMs = 120_000

/** Makes a file that says which process makes something, while it does; null where another process has. */
async function claimed(folder: string, path: string): Promise<(() => Promise<void>) | null> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const own = JSON.stringify({ host: hostname(), pid: process.pid })
  try {
    await writeFile(path, own, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    // Should two find one claim abandoned, both may make the same: that costs time only.
    if (!(await isHeld(path))) await rm(path, { force: true })
    return null
  }
  const timer = setInterval(() => utimes(path, new Date(), new Date()).catch(() => undefined), refreshMs)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await rm(path, { force: true })
  }
}

async function isHeld(path: string): Promise<boolean> {
  try {
    const [{ mtimeMs }, text] = [await stat(path), await readFile(path, 'utf8')]
    if (Date.now() - mtimeMs > silenceMs) return false
    const { host, pid } = JSON.parse(text)
    return host !== hostname() || isRunning(pid)
  } catch (error) {
    // It has just ended, or is being written.
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
