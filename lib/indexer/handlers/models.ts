import { and, eq } from 'drizzle-orm'
import { toModelId } from '../../chain/ids'
import { relations } from '../../chain/states'
import type { Db } from '../../db/open'
import { ancestors, edges, models, namedMinters, versions } from '../../db/schema'
import type { EventOf, RawLog } from '../decode'

/** ModelRegistry: models, their versions, terms, parents and lineages. */
export async function handleModels(event: EventOf<'models'>, log: RawLog, db: Db): Promise<void> {
  switch (event.eventName) {
    case 'Registered': {
      const { id, creator, shares } = event.args
      await db.insert(models).values({
        id: toModelId(id),
        creator,
        majority: creator,
        shares,
        registeredAt: log.at,
        registeredTx: log.tx,
      })
      return
    }
    case 'ParentAdded': {
      const { child, parent, relation } = event.args
      await db.insert(edges).values({
        child: toModelId(child),
        parent: toModelId(parent),
        relation: relations[relation],
        position: log.logIndex,
      })
      return
    }
    case 'LineageSet': {
      const { id, lineage, floors, allowedLicence } = event.args
      const modelId = toModelId(id)
      await db
        .update(models)
        .set({
          floorPrice: floors.price,
          floorCollateral: floors.collateral,
          floorFee: floors.fee,
          floorLeakBps: floors.leakBps,
          allowedLicence,
        })
        .where(eq(models.id, modelId))
      if (lineage.length === 0) return
      await db
        .insert(ancestors)
        .values(
          lineage.map(({ id, royaltyBps }, position) => ({ modelId, ancestor: toModelId(id), royaltyBps, position })),
        )
      return
    }
    case 'VersionAdded': {
      const { id, version, manifestRoot, metadataURI } = event.args
      const modelId = toModelId(id)
      const [{ creator, majority }] = await db.select().from(models).where(eq(models.id, modelId))
      const publisher = majority ?? creator
      await db
        .insert(versions)
        .values({ modelId, version, manifestRoot, uri: metadataURI, publisher, registeredAt: log.at })
      await db.update(models).set({ version }).where(eq(models.id, modelId))
      return
    }
    case 'KeyPoolSet': {
      const { id, version, root } = event.args
      await db
        .update(versions)
        .set({ keyPoolRoot: root })
        .where(and(eq(versions.modelId, toModelId(id)), eq(versions.version, version)))
      return
    }
    case 'MinterNamed': {
      const { id, minter, named } = event.args
      const row = { modelId: toModelId(id), minter }
      if (named) await db.insert(namedMinters).values(row).onConflictDoNothing()
      else
        await db.delete(namedMinters).where(and(eq(namedMinters.modelId, row.modelId), eq(namedMinters.minter, minter)))
      return
    }
    case 'TermsSet': {
      const { id, termsHash, terms } = event.args
      await db
        .update(models)
        .set({ ...terms, termsHash })
        .where(eq(models.id, toModelId(id)))
      return
    }
    case 'Retired':
      await db
        .update(models)
        .set({ retired: true })
        .where(eq(models.id, toModelId(event.args.id)))
  }
}
