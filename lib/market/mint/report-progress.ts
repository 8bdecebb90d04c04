import 'server-only'
import { mints } from '../../db/schema'
import type { LeaseId } from '../../minting/lease'
import type { MintUpdate } from '../../minting/update'
import { isMintOf } from './is-mint-of'
import { requireLease } from './require-lease'

/** Keeps the lease alive, and stores the progress. */
export async function reportProgress(id: LeaseId, { stage, done }: MintUpdate): Promise<void> {
  const { db, queue, lease } = await requireLease(id)
  await queue.heartbeat(lease)
  await db.update(mints).set({ stage, done }).where(isMintOf(lease.job))
}
