import { and, eq, inArray, sql } from 'drizzle-orm'
import { toCopyId, toModelId } from '../../chain/ids'
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
      await update(event.args.id, { state: 'active', acceptTx: log.tx })
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
      return update(event.args.id, { state: 'closed' })
    case 'CollateralAdded':
      return update(event.args.id, { collateral: event.args.collateral })
    case 'Slashed': {
      const { id, left } = event.args
      await update(id, { collateral: left })
      if (left > 0n) return
      const isLost = and(eq(copies.id, toCopyId(id)), inArray(copies.state, ['active', 'closing']))
      await db.update(copies).set({ state: 'slashed' }).where(isLost)
    }
  }
}
