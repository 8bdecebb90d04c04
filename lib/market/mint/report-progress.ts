import 'server-only'
import { mints, preparations } from '../../db/schema'
import type { LeaseId } from '../../minting/lease'
import type { MintUpdate } from '../../minting/update'
import { HttpError } from '../http/http-error'
import { isMintOf } from './is-mint-of'
import { requireLease } from './require-lease'

/** Keeps the lease alive, and stores the progress and a new preparation. */
export async function reportProgress(id: LeaseId, { stage, done, preparation }: MintUpdate): Promise<void> {
  const { db, queue, blobs, lease } = await requireLease(id)
  await queue.heartbeat(lease)
  await db.update(mints).set({ stage, done }).where(isMintOf(lease.job))
  if (!preparation) return
  if ((await blobs.size(preparation)) === null) throw new HttpError(409, 'minting.blob-missing', { blob: preparation })
  const { modelId, manifestRoot } = lease.job
  await db.insert(preparations).values({ modelId, manifestRoot, blob: preparation }).onConflictDoNothing()
}
