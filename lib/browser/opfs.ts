import type { FolderFile } from './folder'

/** The handle of the file at `path` below `directory`; with `create`, made where it is missing. */
export async function fileHandle(
  directory: FileSystemDirectoryHandle,
  path: string,
  options?: { create: boolean },
): Promise<FileSystemFileHandle> {
  const { parent, name } = await parentOf(directory, path, options)
  return parent.getFileHandle(name, options)
}

/** The files of a folder in the origin private file system, or null when one is missing or has another size. */
export async function storedFiles(
  folder: string,
  files: readonly { path: string; size: number }[],
): Promise<FolderFile[] | null> {
  if (files.length === 0) return null
  try {
    const root = await navigator.storage.getDirectory()
    const found = await Promise.all(
      files.map(async ({ path }) => ({ path, file: await (await fileHandle(root, `${folder}/${path}`)).getFile() })),
    )
    return found.every(({ file }, i) => file.size === files[i].size) ? found : null
  } catch {
    return null
  }
}

export async function deleteStoredFile(folder: string, path: string): Promise<void> {
  const { parent, name } = await parentOf(await navigator.storage.getDirectory(), `${folder}/${path}`)
  await parent.removeEntry(name)
}

async function parentOf(directory: FileSystemDirectoryHandle, path: string, options?: { create: boolean }) {
  const names = path.split('/')
  let parent = directory
  for (const name of names.slice(0, -1)) parent = await parent.getDirectoryHandle(name, options)
  return { parent, name: names[names.length - 1] }
}
