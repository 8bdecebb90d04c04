import { blobBytes, type NamedBytes } from '../../weights/bytes'
import { type InspectedWeights, inspectWeights } from '../../weights/inspect-weights'

/** A file of a model's folder that a page and its worker can read; `path` is relative to the folder. */
export type WebFile = { path: string; file: Blob }

/** A folder that has been inspected once, in the page; its worker gets the result and does not parse it again. */
export type WebModel = { files: readonly WebFile[]; model: InspectedWeights }

/** Reads and checks headers and config. Throws `weights.*`. */
export async function inspectWebFiles<File extends WebFile>(
  files: readonly File[],
): Promise<{ files: readonly File[]; model: InspectedWeights }> {
  return { files, model: await inspectWeights(namedBytes(files)) }
}

export function namedBytes(files: readonly WebFile[]): NamedBytes[] {
  return files.map(({ path, file }) => ({ path, bytes: blobBytes(file) }))
}
