import { and, eq, inArray, sql } from 'drizzle-orm'
import { toCopyId, toModelId } from '../../chain/ids'
import type { CopyState } from '../../chain/states'
import type { Db } from '../../db/open'
import { copies, models } from '../../db/schema'
import type { EventOf, RawLog } from '../decode'

/** CopyRegistry: orders and the states of copies. */
export async function handleCopies(event: EventOf<'copies'>, log: RawLog, db: Db): Promise<void> {
  const update = async (id: bigint, set: Partial<typeof copies.$inferInsert>) => {
    await db
      .update(copies)
      .set(set)
      .where(eq(copies.id, toCopyId(id)))
  }
  switch (event.eventName) {
    case 'Ordered': {
      const { id, modelId, deliverDeadline, termsHash: _, mintFee: __, ...order } = event.args
      await db.insert(copies).values({
        ...order,
        id: toCopyId(id),
        modelId: toModelId(modelId),
        state: 'ordered',
        deliverDeadline: Number(deliverDeadline),
        orderedAt: log.at,
        orderTx: log.tx,
      })
      return
    }
    case 'Delivered': {
      const { id, acceptDeadline, ...roots } = event.args
      return update(id, { state: 'delivered', acceptDeadline: Number(acceptDeadline), ...roots })
    }
    case 'Accepted': {
      const state = sql<CopyState>`case when ${copies.lost} then 'slashed' else 'active' end`
      await db
        .update(copies)
        .set({ state, acceptTx: log.tx })
        .where(eq(copies.id, toCopyId(event.args.id)))
      const bought = db
        .select({ id: copies.modelId })
        .from(copies)
        .where(eq(copies.id, toCopyId(event.args.id)))
      await db
        .update(models)
        .set({ copiesSold: sql`${models.copiesSold} + 1` })
        .where(eq(models.id, sql`(${bought})`))
      return
    }
    case 'Refunded':
      return update(event.args.id, { state: 'refunded' })
    case 'Closing':
      return update(event.args.id, { state: 'closing', thawEndsAt: Number(event.args.thawEndsAt) })
    case 'Closed':
      return update(event.args.id, { state: 'closed', collateral: 0n })
    case 'CollateralAdded':
      return update(event.args.id, { collateral: event.args.collateral })
    case 'FeesCovered':
    case 'Slashed': {
      const { id, left } = event.args
      await update(id, { collateral: left, ...(left === 0n && { lost: true }) })
      if (left > 0n) return
      const inUse = and(eq(copies.id, toCopyId(id)), inArray(copies.state, ['active', 'closing']))
      await db.update(copies).set({ state: 'slashed' }).where(inUse)
    }
  }
}
