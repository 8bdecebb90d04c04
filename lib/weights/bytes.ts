import { KinmarkError } from '../error'

/** A file's bytes, whatever their storage. `slice` is half-open, as in `Blob`. */
export type Bytes = { byteLength: number; slice(from: number, to: number): Promise<Uint8Array> }

/** A file of a model's folder; `path` is relative to the folder. */
export type NamedBytes = { path: string; bytes: Bytes }

export function blobBytes(blob: Blob): Bytes {
  return {
    byteLength: blob.size,
    async slice(from, to) {
      try {
        return new Uint8Array(await blob.slice(from, to).arrayBuffer())
      } catch (cause) {
        throw readError(blob instanceof File ? blob.name : null, cause)
      }
    },
  }
}

/**
 * The error to throw for a failed read. Browsers report a file that changed after it was chosen as a DOMException about
 * “permission problems”: that becomes `weights.file-changed`. Anything else is returned as it is.
 */
export function readError(path: string | null, cause: unknown): unknown {
  return cause instanceof DOMException ? new KinmarkError('weights.file-changed', { path }, { cause }) : cause
}
