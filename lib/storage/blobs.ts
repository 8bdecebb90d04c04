import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { KinmarkError } from '../error'

export type Blob = { sha256: string; size: number }

/**
 * A store of immutable bytes, named by their SHA-256 in hex: a folder (`diskBlobs`) or a bucket (`s3Blobs`). Every method
 * throws `storage.sha256-invalid` for a malformed name.
 */
export type Blobs = {
  /** Where the bytes are to be `expected` and are not, nothing is kept, and it throws `storage.blob-differs`. */
  put(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, expected?: Blob): Promise<Blob>
  /** Size in bytes; null when the store does not have the blob. */
  size(sha256: string): Promise<number | null>
  /** Bytes from `from` (inclusive) to `to` (exclusive). */
  read(sha256: string, from?: number, to?: number): AsyncIterable<Uint8Array>
  /** Deletes the blob, if the store has it. */
  remove(sha256: string): Promise<void>
  /** Makes the blob available as a file at `target`, without a copy of its bytes where the store can. */
  materialize(sha256: string, target: string): Promise<void>
  /** An address from which anyone can load the blob for some minutes, as a file of this name; null where the store has none. */
  link(sha256: string, name: string): Promise<string | null>
  /** An address to which anyone can send `size` bytes for some minutes, and the name under which they wait; null where the store has none. */
  uploadLink(size: number): Promise<{ url: string; upload: string } | null>
  /**
   * Makes what was sent to such an address the blob that it is said to be. Throws `storage.upload-unknown`, and
   * `storage.blob-differs` for other bytes, which are deleted.
   */
  take(upload: string, expected: Blob): Promise<void>
}

/** Where a blob is, below a folder or in a bucket. Throws `storage.sha256-invalid`. */
export function blobPath(sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new KinmarkError('storage.sha256-invalid', { text: sha256 })
  return `${sha256.slice(0, 2)}/${sha256}`
}

/** Throws `storage.blob-differs`. */
export function assertBlob(found: Blob, expected: Blob | undefined): void {
  if (expected && (found.sha256 !== expected.sha256 || found.size !== expected.size))
    throw new KinmarkError('storage.blob-differs', { expected, found })
}

/** SHA-256 and size of a stream. */
export async function hashOf(bytes: NodeJS.ReadableStream | AsyncIterable<Uint8Array>): Promise<Blob> {
  const hash = createHash('sha256')
  let size = 0
  await pipeline(bytes, async (chunks: AsyncIterable<Uint8Array>) => {
    for await (const chunk of chunks) {
      hash.update(chunk)
      size += chunk.byteLength
    }
  })
  return { sha256: hash.digest('hex'), size }
}
