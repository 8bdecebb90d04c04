import type { FolderFile } from './folder'
import { fileHandle } from './opfs'

type Picker = { showDirectoryPicker?: (options: { mode: 'readwrite' }) => Promise<FileSystemDirectoryHandle> }

export function canSaveFolder(): boolean {
  return typeof (window as Picker).showDirectoryPicker === 'function'
}

/** Writes all files into a folder that the user picks. Rejects with an `AbortError` when none is picked. */
export async function saveFolder(files: FolderFile[]): Promise<void> {
  const root = await (window as Picker).showDirectoryPicker?.({ mode: 'readwrite' })
  if (!root) return
  for (const { path, file } of files) {
    const handle = await fileHandle(root, path, { create: true })
    await file.stream().pipeTo(await handle.createWritable())
  }
}

/** Saves one file through the browser’s downloads. */
export function saveFile({ path, file }: FolderFile): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = path.split('/').pop() ?? path
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
