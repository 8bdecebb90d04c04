import { KinmarkError } from '@/lib/error'

/** A file of a folder that somebody dropped or picked; `path` is relative to the folder. */
export type FolderFile = { path: string; file: File }

const fileLimit = 10_000
/** What editors, git and operating systems leave behind is no part of a model. */
const ignored = /(^|\/)(\.[^/]*|Thumbs\.db|desktop\.ini)(\/|$)/

/** Paths without the folder's own name, in order; a single dropped folder is taken for its content. */
function settle(files: FolderFile[]): FolderFile[] {
  const tops = new Set(files.map(({ path }) => path.split('/')[0]))
  const inside = tops.size === 1 && files.every(({ path }) => path.includes('/'))
  return files
    .map(({ path, file }) => ({ path: inside ? path.slice(path.indexOf('/') + 1) : path, file }))
    .filter(({ path }) => !ignored.test(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

export function pickedFolder(list: FileList): FolderFile[] {
  return settle([...list].map((file) => ({ path: file.webkitRelativePath || file.name, file })))
}

/** Must be called inside the drop event: the browser empties `transfer` right after it. */
export async function droppedFolder(transfer: DataTransfer): Promise<FolderFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  const files: FolderFile[] = []
  for (const entry of entries) await walk(entry, files)
  return settle(files)
}

async function walk(entry: FileSystemEntry, files: FolderFile[]): Promise<void> {
  if (files.length >= fileLimit) throw new KinmarkError('browser.folder-too-large', { limit: fileLimit })
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
    for (const child of batch) await walk(child, files)
  }
}
