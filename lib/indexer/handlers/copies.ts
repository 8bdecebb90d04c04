import { eq, type SQL, sql } from 'drizzle-orm'
import { toCopyId, toModelId } from '../../chain/ids'
import { refusalReasons } from '../../chain/states'
import type { Db } from '../../db/open'
import { copies, models } from '../../db/schema'
import type { EventOf, RawLog } from '../decode'

type Changes = { [Column in keyof typeof copies.$inferInsert]?: (typeof copies.$inferInsert)[Column] | SQL }

/** CopyRegistry: orders and the states of copies. */
export async function handleCopies(event: EventOf<'copies'>, log: RawLog, db: Db): Promise<void> {
  const update = async (id: bigint, set: Changes) => {
    await db
      .update(copies)
      .set(set)
      .where(eq(copies.id, toCopyId(id)))
  }
  switch (event.eventName) {
    case 'Ordered': {
      const { id, modelId, deliverDeadline, termsHash: _, ...order } = event.args
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
      const { id, acceptDeadline, ...delivery } = event.args
      return update(id, {
        ...delivery,
        state: 'delivered',
        acceptDeadline: Number(acceptDeadline),
        redelivered: sql`${copies.reason} is not null`,
        reason: null,
        evidence: null,
        answerDeadline: null,
      })
    }
    case 'DeliveryRefused': {
      const { id, reason, evidence, answerDeadline } = event.args
      const named = refusalReasons[reason]
      if (named === 'none') return
      return update(id, { state: 'refused', reason: named, evidence, answerDeadline: Number(answerDeadline) })
    }
    case 'DeliveryDefended':
      return update(event.args.id, { state: 'defended', answerDeadline: Number(event.args.caseDeadline) })
    case 'DeliveryContested':
      return update(event.args.id, { state: 'contested', answerDeadline: null })
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
      return update(event.args.id, { state: 'refunded', collateral: event.args.left, thawEndsAt: log.at })
    case 'Closing':
      return update(event.args.id, { state: 'closing', thawEndsAt: Number(event.args.thawEndsAt) })
    case 'Closed':
      return update(event.args.id, { state: 'closed' })
    case 'CollateralReturned':
      return update(event.args.id, { collateral: event.args.left })
    case 'CollateralAdded':
      return update(event.args.id, { collateral: event.args.collateral })
    case 'FeesCovered':
      return update(event.args.id, { collateral: event.args.left })
    case 'Slashed': {
      const { id, left } = event.args
      return update(id, { collateral: left, ...(left === 0n && { lost: true }) })
    }
  }
}
