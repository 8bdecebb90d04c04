import { LegacyError } from '../../error'
import { readError } from '../../weights/bytes'
import type { ReadSync } from '../weight-buffers'
import type { WebFile } from './web-protocol'

/** Workers have it; TypeScript's types of pages do not. */
declare const FileReaderSync: { new (): { readAsArrayBuffer(blob: Blob): ArrayBuffer } }

/** Reads files that a page gave its worker. */
export function readSync(files: readonly WebFile[]): ReadSync {
  const reader = new FileReaderSync()
  return (path, from, to) => {
    const file = files.find(({ name }) => name === path)
    if (!file) throw new LegacyError(`“${path}” is not among the files.`)
    try {
      return new Uint8Array(reader.readAsArrayBuffer(file.blob.slice(from, to)))
    } catch (cause) {
      throw readError(path, cause)
    }
  }
}
