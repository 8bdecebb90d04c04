import { and, count, eq, sql } from 'drizzle-orm'
import { type ModelId, toModelId } from '../../chain/ids'
import type { Db } from '../../db/open'
import { enteredAncestors, originBonds } from '../../db/schema'
import type { EventOf, RawLog } from '../decode'

/** Origins: bonds behind versions, and ancestors that a court has entered. */
export async function handleOrigins(event: EventOf<'origins'>, log: RawLog, db: Db): Promise<void> {
  switch (event.eventName) {
    case 'BondWaits': {
      const { id, version, owner, amount } = event.args
      await db.insert(originBonds).values({ modelId: toModelId(id), version, owner, amount })
      return
    }
    case 'BondSet': {
      const { id, version, owner, amount, until } = event.args
      const bond = { owner, amount, until: Number(until) }
      await db
        .insert(originBonds)
        .values({ modelId: toModelId(id), version, ...bond })
        .onConflictDoUpdate({ target: [originBonds.modelId, originBonds.version], set: bond })
      return
    }
    case 'BondClaimed': {
      const bond = bondOf(event.args)
      const [{ until }] = await db.select().from(originBonds).where(bond)
      if (until === null) await db.delete(originBonds).where(bond)
      else await db.update(originBonds).set({ amount: 0n }).where(bond)
      return
    }
    case 'BondTaken': {
      const { taken } = event.args
      const set = {
        amount: sql`${originBonds.amount} - ${taken.toString()}`,
        taken: sql`${originBonds.taken} + ${taken.toString()}`,
      }
      await db.update(originBonds).set(set).where(bondOf(event.args))
      return
    }
    case 'AncestorEntered': {
      const { id, ancestor, royaltyBps, displaced } = event.args
      const modelId = toModelId(id)
      const position = displaced === 0n ? await nextPlace(db, modelId) : await leave(db, modelId, toModelId(displaced))
      await db
        .insert(enteredAncestors)
        .values({ modelId, ancestor: toModelId(ancestor), royaltyBps, position, enteredAt: log.at })
    }
  }
}

const bondOf = ({ id, version }: { id: bigint; version: number }) =>
  and(eq(originBonds.modelId, toModelId(id)), eq(originBonds.version, version))

async function nextPlace(db: Db, modelId: ModelId): Promise<number> {
  const [{ places }] = await db
    .select({ places: count() })
    .from(enteredAncestors)
    .where(eq(enteredAncestors.modelId, modelId))
  return places
}

/** Removes an ancestor; returns its place. */
async function leave(db: Db, modelId: ModelId, ancestor: ModelId): Promise<number> {
  const one = and(eq(enteredAncestors.modelId, modelId), eq(enteredAncestors.ancestor, ancestor))
  const [{ position }] = await db.delete(enteredAncestors).where(one).returning()
  return position
}
