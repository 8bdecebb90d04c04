import 'server-only'
import { inArray } from 'drizzle-orm'
import { blobOwners } from '../../db/schema'
import type { ArtifactFile } from '../../manifest/artifact-file'
import type { FileEntry } from '../../manifest/manifest'
import type { Market } from '../context/context'
import { HttpError } from '../http/http-error'

/**
 * Throws `minting.segments-size` and `minting.blob-too-short` where files cannot be read as they are described, and
 * `minting.blob-foreign` where a copy would take bytes that people uploaded for something else than its `base`.
 */
export async function assertSegments(
  ctx: Pick<Market, 'db' | 'blobs'>,
  files: readonly ArtifactFile[],
  base: readonly FileEntry[],
): Promise<void> {
  const ofBase = new Set(base.map(({ sha256 }) => sha256))
  const blobs = files.flatMap(({ segments }) => segments.map(({ blob }) => blob))
  await assertNotUploaded(
    ctx,
    blobs.filter((blob) => !ofBase.has(blob)),
  )
  for (const { path, size, segments } of files) {
    const length = segments.reduce((sum, segment) => sum + segment.length, 0)
    if (length !== size) throw new HttpError(400, 'minting.segments-size', { path, size, segments: length })
    for (const segment of segments) {
      const needed = segment.offset + segment.length
      const available = (await ctx.blobs.size(segment.blob)) ?? 0
      if (needed > available) throw new HttpError(400, 'minting.blob-too-short', { path, needed, available })
    }
  }
}

/** Throws `minting.blob-foreign` for blobs that people uploaded: a minter gives no rights to them. */
export async function assertNotUploaded({ db }: Pick<Market, 'db'>, blobs: readonly string[]): Promise<void> {
  const [uploaded] = await db
    .select()
    .from(blobOwners)
    .where(inArray(blobOwners.sha256, [...new Set(blobs)]))
    .limit(1)
  if (uploaded) throw new HttpError(403, 'minting.blob-foreign', { blob: uploaded.sha256 })
}
