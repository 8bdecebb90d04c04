import { cp, mkdir, open, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { KinmarkError } from '../../lib/error'
import { writeAtomically } from '../../lib/storage/write-atomically'
import type { NamedBytes } from '../../lib/weights/bytes'
import { assemble, copySegments } from '../../lib/weights/copy/assemble'
import type { TensorTable } from '../../lib/weights/tensor'

/** Checks before the work begins that its result can be written to `out`: a new or empty folder. */
export async function assertFreeFolder(out: string): Promise<void> {
  const names = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new KinmarkError('cli.folder-unusable', { path: out }, { cause: error })
  })
  if (names.length > 0) throw new KinmarkError('cli.folder-not-empty', { folder: out, entries: names.length })
}

/** Writes the base’s folder with the edited tensors in place. */
export async function writeCopy(
  base: { folder: string; files: readonly NamedBytes[]; tensors: TensorTable },
  edits: ReadonlyMap<string, Uint8Array>,
  out: string,
): Promise<void> {
  const weights = base.files.filter(({ path }) => path.endsWith('.safetensors'))
  const weightPaths = new Set(weights.map(({ path }) => resolve(base.folder, path)))
  await writeAtomically(out, async (temporary) => {
    await mkdir(temporary, { recursive: true })
    await cp(base.folder, temporary, {
      recursive: true,
      dereference: true,
      filter: (source) => !weightPaths.has(resolve(source)) && resolve(source) !== temporary,
    })
    for (const file of weights) {
      const tensors = [...base.tensors.values()].filter((tensor) => tensor.file === file.path)
      const segments = copySegments(file.bytes.byteLength, tensors, edits)
      const handle = await open(join(temporary, file.path), 'w')
      try {
        for await (const bytes of assemble(segments, file.bytes, edits)) await handle.writeFile(bytes)
      } finally {
        await handle.close()
      }
    }
  })
}
