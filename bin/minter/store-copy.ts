import type { ArtifactFile, Segment } from '../../lib/manifest/artifact-file'
import type { FileEntry } from '../../lib/manifest/manifest'
import { readArtifact } from '../../lib/storage/artifact'
import { hashOf } from '../../lib/storage/blobs'
import { copySegments } from '../../lib/weights/copy/assemble'
import type { TensorTable } from '../../lib/weights/tensor'
import type { WorkBlobs } from './work-blobs'

/** The copy's files: the base's with the edited tensors in place. Only the edited tensors are stored, the rest is segments of the base's blobs. */
export async function storeCopy(
  base: FileEntry[],
  tensors: TensorTable,
  edits: ReadonlyMap<string, Uint8Array>,
  blobs: WorkBlobs,
  onProgress: (done: number) => void,
): Promise<ArtifactFile[]> {
  const blobOf = new Map<string, string>()
  for (const [name, bytes] of edits) blobOf.set(name, (await blobs.put([bytes])).sha256)

  const files: ArtifactFile[] = []
  for (const [i, file] of base.entries()) {
    onProgress(i / base.length)
    const own = [...tensors.values()].filter((tensor) => tensor.file === file.path)
    const segments = copySegments(file.size, own, edits).map((segment): Segment => {
      if (segment.from === 'base') return { blob: file.sha256, offset: segment.offset, length: segment.length }
      return { blob: blobOf.get(segment.tensor) ?? '', offset: 0, length: segment.length }
    })
    const whole = segments.length === 1 && segments[0].blob === file.sha256
    const { sha256 } = whole ? file : await hashOf(readArtifact(blobs, segments))
    files.push({ path: file.path, size: file.size, sha256, segments })
  }
  onProgress(1)
  return files
}
