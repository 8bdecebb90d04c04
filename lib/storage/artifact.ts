import type { ArtifactFile, Segment } from '../manifest/artifact-file'
import type { Blobs } from './blobs'

/** Bytes `from` (inclusive) to `to` (exclusive) of a file that is stored as segments only. */
export async function* readArtifact(
  blobs: Pick<Blobs, 'read'>,
  segments: readonly Segment[],
  from = 0,
  to = Number.POSITIVE_INFINITY,
): AsyncGenerator<Uint8Array> {
  let at = 0
  for (const { blob, offset, length } of segments) {
    const start = Math.max(from - at, 0)
    const end = Math.min(to - at, length)
    if (start < end) yield* blobs.read(blob, offset + start, offset + end)
    at += length
    if (at >= to) return
  }
}

/** The bytes of all files, one after another. */
export async function* readCopy(
  blobs: Pick<Blobs, 'read'>,
  files: readonly ArtifactFile[],
): AsyncGenerator<Uint8Array> {
  for (const { segments } of files) yield* readArtifact(blobs, segments)
}
