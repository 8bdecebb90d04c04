import { KinmarkError } from '../../error'
import { readError } from '../../weights/bytes'
import type { ReadSync } from '../weight-buffers'
import type { WebFile } from './web-model'

/** Exists in workers, but not in TypeScript's types of pages. */
declare const FileReaderSync: { new (): { readAsArrayBuffer(blob: Blob): ArrayBuffer } }

/** Reads files in the worker that they were sent to. */
export function readSync(files: readonly WebFile[]): ReadSync {
  const reader = new FileReaderSync()
  return (path, from, to) => {
    const found = files.find((each) => each.path === path)
    if (!found) throw new KinmarkError('weights.file-missing', { path })
    try {
      return new Uint8Array(reader.readAsArrayBuffer(found.file.slice(from, to)))
    } catch (cause) {
      throw readError(path, cause)
    }
  }
}
