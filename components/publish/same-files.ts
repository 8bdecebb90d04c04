import type { FileView } from '@/lib/market/types'

/** Whether two lists hold the same files, in whatever order. */
export function sameFiles(a: readonly FileView[], b: readonly FileView[]): boolean {
  const key = (file: FileView) => `${file.path}\n${file.size}\n${file.sha256}`
  const keys = new Set(a.map(key))
  return a.length === b.length && b.every((file) => keys.has(key(file)))
}
