import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
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
): StageStore & { forget(): Promise<void> } {
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
    forget: () => rm(own, { recursive: true, force: true }),
  }
}

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex').slice(0, 32)
