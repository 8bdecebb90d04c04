import { randomUUID } from 'node:crypto'
import { cp, mkdir, open, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { KinmarkError } from '../../lib/error'
import type { NamedBytes } from '../../lib/weights/bytes'
import { assemble, copySegments } from '../../lib/weights/copy/assemble'
import type { TensorTable } from '../../lib/weights/tensor'

/** Refuses before any work what could not be written after it. */
export async function assertFreeFolder(out: string): Promise<void> {
  const names = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new KinmarkError('cli.folder-unusable', { path: out }, { cause: error })
  })
  if (names.length > 0) throw new KinmarkError('cli.folder-not-empty', { folder: out, entries: names.length })
}

/** One file on its own, whole or not there. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const work = `${path}-${randomUUID()}`
  try {
    await writeFile(work, bytes)
    await rename(work, path)
  } catch (error) {
    await rm(work, { force: true })
    throw error
  }
}

/** The base's folder with the edits in place. It appears under its name when it is whole. */
export async function writeCopy(
  base: { folder: string; files: readonly NamedBytes[]; tensors: TensorTable },
  edits: ReadonlyMap<string, Uint8Array>,
  out: string,
): Promise<void> {
  const target = resolve(out)
  const work = join(dirname(target), `.${basename(target)}-${randomUUID()}`)
  await mkdir(work, { recursive: true })
  try {
    const weights = base.files.filter(({ path }) => path.endsWith('.safetensors'))
    const names = new Set(weights.map(({ path }) => resolve(base.folder, path)))
    await cp(base.folder, work, {
      recursive: true,
      dereference: true,
      filter: (source) => !names.has(resolve(source)) && resolve(source) !== work,
    })
    for (const file of weights) {
      const tensors = [...base.tensors.values()].filter((tensor) => tensor.file === file.path)
      const segments = copySegments(file.bytes.byteLength, tensors, edits)
      const handle = await open(join(work, file.path), 'w')
      try {
        for await (const bytes of assemble(segments, file.bytes, edits)) await handle.writeFile(bytes)
      } finally {
        await handle.close()
      }
    }
    await rmdir(target).catch(() => undefined)
    await rename(work, target)
  } catch (error) {
    await rm(work, { recursive: true, force: true })
    throw error
  }
}
