import { type InspectedWeights, inspectWeights } from '../../weights/inspect-weights'
import { namedBytes, type WebFile } from './web-model'

/** Reads and checks headers and config in the page. Throws `weights.*`. */
export async function inspectWebFiles<File extends WebFile>(
  files: readonly File[],
): Promise<{ files: readonly File[]; model: InspectedWeights }> {
  return { files, model: await inspectWeights(namedBytes(files)) }
}
