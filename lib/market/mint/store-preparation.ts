import 'server-only'
import { and, eq, isNull } from 'drizzle-orm'
import { preparations } from '../../db/schema'
import type { ArtifactFile } from '../../manifest/artifact-file'
import type { Market } from '../context/context'
import { HttpError } from '../http/http-error'
import { assertNotUploaded, assertSegments } from './assert-segments'
import type { VersionId } from './version-secret'
import { filesOf } from './work-blobs'

/** Notes the blob of a version's preparation, which the minter has stored. The first one stays. */
export async function storePreparation(
  { db, blobs }: Pick<Market, 'db' | 'blobs'>,
  { modelId, manifestRoot }: VersionId,
  blob: string,
): Promise<void> {
  await assertNotUploaded({ db }, [blob])
  if ((await blobs.size(blob)) === null) throw new HttpError(409, 'minting.blob-missing', { blob })
  await db.insert(preparations).values({ modelId, manifestRoot, blob }).onConflictDoNothing()
}

/** Notes the files of a version's copy for visitors, which the minter has stored. The first ones stay. */
export async function storeVisitorsCopy(
  ctx: Pick<Market, 'db' | 'blobs'>,
  { modelId, manifestRoot }: VersionId,
  files: ArtifactFile[],
): Promise<void> {
  await assertSegments(ctx, files, await filesOf(ctx, { modelId, manifestRoot }))
  await ctx.db
    .update(preparations)
    .set({ visitorsCopy: files })
    .where(
      and(
        eq(preparations.modelId, modelId),
        eq(preparations.manifestRoot, manifestRoot),
        isNull(preparations.visitorsCopy),
      ),
    )
}
