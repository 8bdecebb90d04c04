import 'server-only'
import type { ArtifactFile } from '../../manifest/artifact-file'
import type { Market } from '../context/context'
import { HttpError } from '../http/http-error'

/** Throws `minting.segments-size` and `minting.blob-too-short` where files cannot be read as they are described. */
export async function assertSegments(blobs: Market['blobs'], files: readonly ArtifactFile[]): Promise<void> {
  for (const { path, size, segments } of files) {
    const length = segments.reduce((sum, segment) => sum + segment.length, 0)
    if (length !== size) throw new HttpError(400, 'minting.segments-size', { path, size, segments: length })
    for (const segment of segments) {
      const needed = segment.offset + segment.length
      const available = (await blobs.size(segment.blob)) ?? 0
      if (needed > available) throw new HttpError(400, 'minting.blob-too-short', { path, needed, available })
    }
  }
}
