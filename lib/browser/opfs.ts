import type { FolderFile } from '@/lib/browser/folder'

/** Where a downloaded copy lies in this browser's own file system. The chain's id and registry keep two networks apart. */
export function copyFolder(chainId: number, registry: string, copyId: string): string {
  return `copy-${chainId}-${registry.slice(2, 10).toLowerCase()}-${copyId}`
}

async function place(folder: string, path: string): Promise<FileSystemFileHandle> {
  let directory = await navigator.storage.getDirectory()
  const names = [folder, ...path.split('/')]
  for (const name of names.slice(0, -1)) directory = await directory.getDirectoryHandle(name)
  return directory.getFileHandle(names[names.length - 1])
}

/** A downloaded copy's files, or null when one is missing or has another size. */
export async function downloadedFiles(
  folder: string,
  files: readonly { path: string; size: number }[],
): Promise<FolderFile[] | null> {
  if (files.length === 0) return null
  try {
    const found = await Promise.all(
      files.map(async ({ path }) => ({ path, file: await (await place(folder, path)).getFile() })),
    )
    return found.every(({ file }, i) => file.size === files[i].size) ? found : null
  } catch {
    return null
  }
}

export async function forgetFile(folder: string, path: string): Promise<void> {
  const root = await navigator.storage.getDirectory()
  let directory = await root.getDirectoryHandle(folder)
  const names = path.split('/')
  for (const name of names.slice(0, -1)) directory = await directory.getDirectoryHandle(name)
  await directory.removeEntry(names[names.length - 1])
}
