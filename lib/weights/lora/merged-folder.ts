import { blobBytes } from '../bytes'
import { copySegments } from '../copy/assemble'
import { inspectModel } from '../inspect-model'
import { mergeAdapter } from './merge-adapter'

/** A file that a page has; `path` is relative to its folder. */
type FolderFile = { path: string; file: File }

const named = (files: readonly FolderFile[]) => files.map(({ path, file }) => ({ path, bytes: blobBytes(file) }))

/**
 * The base's folder with a LoRA adapter merged into its weights. Bytes that do not change stay on the disk. The adapter's
 * README replaces the base's. Throws `weights.*`.
 */
export async function mergedFolder(
  adapter: readonly FolderFile[],
  base: readonly FolderFile[],
  onProgress?: (done: number, total: number) => void,
): Promise<FolderFile[]> {
  const files = named(base)
  const { tensors, leftOut } = await inspectModel(files)
  const edits = await mergeAdapter(named(adapter), { files, tensors }, onProgress)
  const card = adapter.find(({ path }) => path === 'README.md')
  return base
    .filter(({ path }) => !leftOut.includes(path))
    .map(({ path, file }) => {
      if (path === 'README.md') return card ?? { path, file }
      const own = [...tensors.values()].filter((tensor) => tensor.file === path)
      const parts = copySegments(file.size, own, edits).map((segment) => {
        if (segment.from === 'base') return file.slice(segment.offset, segment.offset + segment.length)
        return edits.get(segment.tensor) as Uint8Array<ArrayBuffer>
      })
      return parts.length <= 1 ? { path, file } : { path, file: new File(parts, file.name) }
    })
    .concat(card && !base.some(({ path }) => path === 'README.md') ? [card] : [])
}
