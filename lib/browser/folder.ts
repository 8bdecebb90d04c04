import { KinmarkError } from '../error'

/** A file of a folder that the user dropped or picked; `path` is relative to the folder. */
export type FolderFile = { path: string; file: File }

const maxFiles = 10_000
/** Files of editors, git and operating systems, which are not part of a model. */
const ignored = /(^|\/)(\.[^/]*|Thumbs\.db|desktop\.ini)(\/|$)/

/** The files of a file dialog. */
export function pickedFolder(list: Iterable<File>): FolderFile[] {
  return normalize([...list].map((file) => ({ path: file.webkitRelativePath || file.name, file })))
}

/**
 * The files of a drop, subfolders included. Call it inside the drop event: the browser empties `transfer` right after.
 * Throws `browser.folder-too-large`.
 */
export async function droppedFolder(transfer: DataTransfer): Promise<FolderFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  const files: FolderFile[] = []
  for (const entry of entries) await collect(entry, files)
  return normalize(files)
}

/** Sorted by path, without ignored files, and without the folder's own name where there is one folder only. */
function normalize(files: FolderFile[]): FolderFile[] {
  const tops = new Set(files.map(({ path }) => path.split('/')[0]))
  const inside = tops.size === 1 && files.every(({ path }) => path.includes('/'))
  return files
    .map(({ path, file }) => ({ path: inside ? path.slice(path.indexOf('/') + 1) : path, file }))
    .filter(({ path }) => !ignored.test(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

async function collect(entry: FileSystemEntry, files: FolderFile[]): Promise<void> {
  if (files.length >= maxFiles) throw new KinmarkError('browser.folder-too-large', { limit: maxFiles })
  const path = entry.fullPath.replace(/^\//, '')
  if (ignored.test(path)) return
  if (entry.isFile) {
    const file = await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail))
    files.push({ path, file })
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail))
    if (batch.length === 0) return
    for (const child of batch) await collect(child, files)
  }
}
