import 'server-only'
import type { FileEntry } from '../../manifest/manifest'
import type { Blobs } from '../../storage/blobs'
import { readBlob } from '../../storage/read-blob'
import type { NamedBytes } from '../../weights/bytes'

/** A file of a version as those read it who take bytes. */
export function storedBytes(blobs: Blobs, { path, size, sha256 }: FileEntry): NamedBytes {
  const slice = async (from: number, to: number) => {
    return new Uint8Array(await readBlob(blobs, sha256, from, Math.min(to, size)))
  }
  return { path, bytes: { byteLength: size, slice } }
}
