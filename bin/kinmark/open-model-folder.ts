import { folderFiles } from '../../lib/inference/node/folder'
import type { NamedBytes } from '../../lib/weights/bytes'
import { inspectModel, type Model } from '../../lib/weights/inspect-model'

export async function openModelFolder(folder: string): Promise<{ files: NamedBytes[]; model: Model }> {
  const files = await folderFiles(folder)
  return { files, model: await inspectModel(files) }
}
