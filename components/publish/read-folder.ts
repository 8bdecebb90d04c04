import type { FolderFile } from '@/lib/browser/folder'
import { KinmarkError } from '@/lib/error'
import { isFilePath, mostFiles } from '@/lib/manifest/manifest'
import { blobBytes } from '@/lib/weights/bytes'
import { assertCanFingerprint } from '@/lib/weights/can-fingerprint'
import { assertPublishable, inspectModel, type Model } from '@/lib/weights/inspect-model'
import { adapterConfigPath, baseOfAdapter, parseAdapterConfig } from '@/lib/weights/lora/adapter-config'
import { isAdapter } from '@/lib/weights/lora/merge-adapter'
import { mergedFolder } from '@/lib/weights/lora/merged-folder'

/** `adapterOf` is the name of the base into which the folder's adapter was merged; null if it was a whole model. */
export type Folder = {
  files: FolderFile[]
  model: Model
  adapterOf: string | null
  /** Files that are left out because no other system may be able to store their names. */
  misnamed: string[]
}

/**
 * Inspects a model folder in the browser, before anything is uploaded, and leaves out what is not part of the model.
 * Throws when it cannot be published.
 */
async function readFolder(all: FolderFile[], adapterOf: string | null): Promise<Folder> {
  const named = all.filter(({ path }) => isFilePath(path))
  const misnamed = all.filter(({ path }) => !isFilePath(path)).map(({ path }) => path)
  const model = await inspectModel(named.map(({ path, file }) => ({ path, bytes: blobBytes(file) })))
  assertPublishable({ ...model, leftOut: [] })
  assertCanFingerprint(model.config)
  const files = named.filter(({ path }) => !model.leftOut.includes(path))
  if (files.length > mostFiles) throw new KinmarkError('publish.files-many', { files: files.length, limit: mostFiles })
  return { files, model, adapterOf, misnamed }
}

/** A folder that only holds an adapter; `base` is what it names as its base. */
export type Adapter = { files: FolderFile[]; base: string | null }

/** A chosen folder: a model that can be published, or an adapter that can be merged, which needs its base. */
export async function readChosen(
  files: FolderFile[],
): Promise<{ kind: 'model'; folder: Folder } | { kind: 'adapter'; adapter: Adapter }> {
  if (!isAdapter(files)) return { kind: 'model', folder: await readFolder(files, null) }
  const text = (await files.find(({ path }) => path === adapterConfigPath)?.file.text()) ?? ''
  parseAdapterConfig(text)
  return { kind: 'adapter', adapter: { files, base: baseOfAdapter(text) } }
}

/** An adapter merged into its base. */
export async function readMerged(
  { files, base }: Adapter,
  baseFiles: FolderFile[],
  onProgress: (done: number, total: number) => void,
): Promise<Folder> {
  return readFolder(await mergedFolder(files, baseFiles, onProgress), base ?? 'another model')
}
