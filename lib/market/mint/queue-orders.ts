import 'server-only'
import { and, eq, gt, isNotNull } from 'drizzle-orm'
import { copies, mints, versions } from '../../db/schema'
import type { Market } from '../context/context'
import { protocolTime } from '../read/protocol-time'
import { isMintOf } from './is-mint-of'

/**
 * Queues a job for every open order of our minter that has none. Called again and again, so a job that a crash lost, or
 * whose delivery a roll-back of the chain undid, is queued again.
 */
export async function queueOrders(ctx: Pick<Market, 'db' | 'queue' | 'client' | 'deployment'>): Promise<void> {
  const { db, queue, deployment } = ctx
  const now = Number(await protocolTime(ctx))
  const jobs = await db
    .select({
      copyId: copies.id,
      modelId: copies.modelId,
      version: copies.version,
      manifestRoot: versions.manifestRoot,
      buyerSeedHash: copies.buyerSeedHash,
    })
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
  for (const job of jobs) {
    const { copyId, manifestRoot, buyerSeedHash } = job
    await db.insert(mints).values({ copyId, manifestRoot, buyerSeedHash, stage: 'queued' }).onConflictDoNothing()
    const [{ final }] = await db.select({ final: mints.final }).from(mints).where(isMintOf(job))
    if (!final) await queue.enqueue(job)
  }
}
