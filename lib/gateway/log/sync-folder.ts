import { type FileHandle, open } from 'node:fs/promises'

/** A new or renamed file survives a power cut once its folder is stored too. Windows has no such call. */
export async function syncFolder(folder: string): Promise<void> {
  const handle: FileHandle | null = await open(folder, 'r').catch(() => null)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}
