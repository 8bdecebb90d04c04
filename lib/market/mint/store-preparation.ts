import 'server-only'
import { preparations } from '../../db/schema'
import type { Market } from '../context/context'
import { HttpError } from '../http/http-error'
import type { VersionId } from './version-secret'

/** Notes the blob of a version's preparation, which the minter has stored. The first one stays. */
export async function storePreparation(
  { db, blobs }: Pick<Market, 'db' | 'blobs'>,
  { modelId, manifestRoot }: VersionId,
  blob: string,
): Promise<void> {
  if ((await blobs.size(blob)) === null) throw new HttpError(409, 'minting.blob-missing', { blob })
  await db.insert(preparations).values({ modelId, manifestRoot, blob }).onConflictDoNothing()
}
