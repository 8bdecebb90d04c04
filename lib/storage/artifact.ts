import type { FileEntry } from '../manifest/manifest'
import type { Blobs } from './blobs'

/** A range of a blob’s bytes. A copy’s file is a list of them: the base’s bytes, with edited tensors in between. */
export type Segment = { blob: string; offset: number; length: number }

export type ArtifactFile = FileEntry & { segments: Segment[] }

/** Bytes `from` (inclusive) to `to` (exclusive) of a file that is stored as segments only. */
export async function* readArtifact(
  blobs: Blobs,
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
