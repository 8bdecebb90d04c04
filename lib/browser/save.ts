import type { FolderFile } from '@/lib/browser/folder'

type Picker = { showDirectoryPicker?: (options: { mode: 'readwrite' }) => Promise<FileSystemDirectoryHandle> }

export function canSaveFolder(): boolean {
  return typeof (window as Picker).showDirectoryPicker === 'function'
}

/** Writes all files into a folder that the person picks. */
export async function saveFolder(files: FolderFile[]): Promise<void> {
  const root = await (window as Picker).showDirectoryPicker?.({ mode: 'readwrite' })
  if (!root) return
  for (const { path, file } of files) {
    let directory = root
    const names = path.split('/')
    for (const name of names.slice(0, -1)) directory = await directory.getDirectoryHandle(name, { create: true })
    const handle = await directory.getFileHandle(names[names.length - 1], { create: true })
    await file.stream().pipeTo(await handle.createWritable())
  }
}

/** Hands one file to the browser's own downloads. */
export function saveFile({ path, file }: FolderFile): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = path.split('/').pop() ?? path
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
