import { blobBytes, type NamedBytes } from '../../weights/bytes'
import type { InspectedWeights } from '../../weights/inspect-weights'

/** A file of a model's folder that a page and its worker can read; `path` is relative to the folder. */
export type WebFile = { path: string; file: Blob }

/**
 * A folder that `inspectWebFiles` has inspected in the page. The worker gets the result: it does not parse the folder
 * again, and its code contains no parser.
 */
export type WebModel = { files: readonly WebFile[]; model: InspectedWeights }

export function namedBytes(files: readonly WebFile[]): NamedBytes[] {
  return files.map(({ path, file }) => ({ path, bytes: blobBytes(file) }))
}
