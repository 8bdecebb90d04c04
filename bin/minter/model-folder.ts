import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Env } from '../../lib/env'
import type { FileEntry } from '../../lib/manifest/manifest'
import type { WorkBlobs } from './work-blobs'

/** Gives `use` a folder of its own with a version's files, which exists while it runs. */
export async function withModelFolder<T>(
  { data }: Pick<Env, 'data'>,
  name: string,
  files: readonly FileEntry[],
  blobs: Pick<WorkBlobs, 'materialize'>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = join(data, 'work', name)
  await rm(folder, { recursive: true, force: true })
  try {
    for (const { path, sha256 } of files) await blobs.materialize(sha256, join(folder, path))
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
