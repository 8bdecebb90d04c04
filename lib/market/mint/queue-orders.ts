import { and, eq, gt, isNotNull } from 'drizzle-orm'
import { copies, mints, versions } from '../../db/schema'
import { orderKey } from '../../minting/order-key'
import type { Market } from '../context/context'

/**
 * Sees to it that every open order of our minter has a job. Asked again after every step of the indexer, so a job that
 * was lost with a crash, or whose delivery was lost with a roll-back of the chain, comes back.
 */
export async function queueOrders({ db, queue, deployment }: Market): Promise<void> {
  const now = Math.floor(Date.now() / 1000)
  const orders = await db
    .select({ copy: copies, manifestRoot: versions.manifestRoot })
    .from(copies)
    .innerJoin(versions, and(eq(versions.modelId, copies.modelId), eq(versions.version, copies.version)))
    .where(
      and(
        eq(copies.state, 'ordered'),
        eq(copies.minter, deployment.minter),
        gt(copies.deliverDeadline, now),
        isNotNull(versions.metadata),
      ),
    )
  for (const { copy, manifestRoot } of orders) {
    const key = orderKey(copy, manifestRoot)
    await db.insert(mints).values({ key, copyId: copy.id, stage: 'queued' }).onConflictDoNothing()
    const [{ final }] = await db.select({ final: mints.final }).from(mints).where(eq(mints.key, key))
    if (!final) await queue.enqueue({ key, copyId: copy.id })
  }
}
