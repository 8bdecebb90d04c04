import 'server-only'
import { mints } from '../../db/schema'
import type { LeaseId } from '../../minting/lease'
import { isMintOf } from './is-mint-of'
import { requireLease } from './require-lease'

/** Ends the lease of a delivered copy. */
export async function completeOrder(id: LeaseId): Promise<void> {
  const { db, queue, lease } = await requireLease(id)
  await db.update(mints).set({ stage: 'done', done: 1, failure: null }).where(isMintOf(lease.job))
  await queue.complete(lease)
}
