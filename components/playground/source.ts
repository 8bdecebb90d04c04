import type { FolderFile } from '@/lib/browser/folder'
import type { FileEntry } from '@/lib/manifest/manifest'
import type { CopyView } from '@/lib/market/read/views'
import type { InspectedWeights } from '@/lib/weights/inspect-weights'

/** The weights to run: the original ones for their owner or a copy for visitors, a copy that the visitor bought, or a folder from the visitor's disk. */
export type Source =
  | { kind: 'base' | 'visitors'; modelId: string; files: FileEntry[] }
  | { kind: 'copy'; copy: CopyView }
  | { kind: 'folder'; files: readonly FolderFile[]; model: InspectedWeights }

const runnable = /^[^/]+\.(json|safetensors|gguf)$/

/** The files of a folder that running a model needs. */
export function runnableFiles<T extends { path: string }>(files: readonly T[]): T[] {
  return files.filter(({ path }) => runnable.test(path))
}

/** Bytes to download, or to read from the disk. */
export function bytesOf(source: Source): number {
  const sizes =
    source.kind === 'folder'
      ? runnableFiles(source.files).map(({ file }) => file.size)
      : runnableFiles(source.kind === 'copy' ? source.copy.files : source.files).map(({ size }) => size)
  return sizes.reduce((sum, size) => sum + size, 0)
}

export function sourceName(source: Source, model: string): string {
  switch (source.kind) {
    case 'base':
      return `Original weights of ${model}`
    case 'visitors':
      return `Copy of ${model} for visitors`
    case 'copy':
      return `Copy ${source.copy.id} of ${model}`
    case 'folder':
      return 'Local folder'
  }
}
