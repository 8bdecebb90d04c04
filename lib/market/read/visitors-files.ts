import 'server-only'
import { and, eq } from 'drizzle-orm'
import type { ModelId } from '../../chain/ids'
import { preparations, versions } from '../../db/schema'
import type { ArtifactFile } from '../../manifest/artifact-file'
import type { Market } from '../context/context'

/** The files of the fingerprinted copy of a version that visitors load; null before it was minted. */
export async function visitorsFiles(
  { db }: Pick<Market, 'db'>,
  modelId: ModelId,
  version: number,
): Promise<ArtifactFile[] | null> {
  const [row] = await db
    .select({ files: preparations.visitorsCopy })
    .from(preparations)
    .innerJoin(
      versions,
      and(eq(versions.modelId, preparations.modelId), eq(versions.manifestRoot, preparations.manifestRoot)),
    )
    .where(and(eq(versions.modelId, modelId), eq(versions.version, version)))
  return row?.files ?? null
}
