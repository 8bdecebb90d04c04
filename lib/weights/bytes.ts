import { LegacyError } from '../error'

/** A file's bytes, wherever they are. `slice` is half-open, as in `Blob`. */
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
        throw unreadable(blob instanceof File ? blob.name : 'A file', cause)
      }
    },
  }
}

/** In place of what browsers say when a file is not what it was, which is of “permission problems”; else what was thrown. */
export function unreadable(path: string, cause: unknown): unknown {
  if (!(cause instanceof DOMException)) return cause
  return new LegacyError(
    `“${path}” cannot be read any more: it was changed or moved since it was chosen. Choose it again.`,
    { cause },
  )
}
