import 'server-only'
import { and, asc, desc, eq, getTableColumns, gt } from 'drizzle-orm'
import { protocolAbi } from '../../chain/generated'
import type { ModelId } from '../../chain/ids'
import { enteredAncestors, holders, namedMinters, originBonds, versions } from '../../db/schema'
import type { Cuts } from '../../money/split'
import { type Market, market } from '../context/context'
import { controlOf } from './control-of'
import { lastKnown } from './last-known'
import { lineageOf } from './lineage'
import { describedModel, namesOf, summaryOf } from './model-summary'
import { preparationDone } from './preparation-done'
import type { ModelPage, OriginBond } from './views'
import { visitorsFiles } from './visitors-files'

const holderLimit = 100

export async function getModel(id: ModelId): Promise<ModelPage | null> {
  const ctx = await market()
  const found = await describedModel(ctx, id)
  if (!found) return null
  const { model, version, metadata, listing } = found
  const { lineage } = listing
  const { db } = ctx
  const entered = await db
    .select({
      id: enteredAncestors.ancestor,
      royaltyBps: enteredAncestors.royaltyBps,
      enteredAt: enteredAncestors.enteredAt,
    })
    .from(enteredAncestors)
    .where(eq(enteredAncestors.modelId, id))
    .orderBy(asc(enteredAncestors.position))
  const nameOf = await namesOf(
    ctx,
    [...lineage, ...entered].map((ancestor) => ancestor.id),
  )
  const history = await db
    .select({
      version: versions.version,
      manifestRoot: versions.manifestRoot,
      registeredAt: versions.registeredAt,
    })
    .from(versions)
    .where(eq(versions.modelId, id))
    .orderBy(desc(versions.version))
  const held = await db
    .select({ account: holders.account, shares: holders.shares })
    .from(holders)
    .where(and(eq(holders.token, model.shares), gt(holders.shares, 0n)))
    .orderBy(desc(holders.shares))
    .limit(holderLimit)
  const named = await db.select().from(namedMinters).where(eq(namedMinters.modelId, id))
  return {
    ...summaryOf(found),
    version: version.version,
    versions: history,
    manifestRoot: version.manifestRoot,
    termsHash: model.termsHash,
    card: metadata.card,
    files: metadata.files,
    tensors: metadata.tensors,
    shares: model.shares,
    control: await lastKnown(`control ${id}`, () => controlOf(ctx, id, model.shares)),
    holders: held,
    lineage: await lineageOf(ctx, id),
    cuts: await lastKnown('cuts', () => cutsOf(ctx)),
    ancestors: lineage.map((ancestor) => ({ ...ancestor, name: nameOf(ancestor.id) })),
    entered: entered.map((ancestor) => ({ ...ancestor, name: nameOf(ancestor.id) })),
    bonds: await bondsOf(ctx, id),
    registeredTx: model.registeredTx,
    minters: named.map(({ minter }) => minter),
    keyPoolRoot: version.keyPoolRoot,
    preparing: await preparationDone(ctx, version),
    leakTail: await lastKnown('leak tail', () => leakTailOf(ctx)),
    playground: metadata.playground ?? false,
    visitorsCopy: (await visitorsFiles(ctx, id, version.version)) !== null,
  }
}

async function bondsOf({ db }: Pick<Market, 'db'>, id: ModelId): Promise<OriginBond[]> {
  const { modelId, ...bond } = getTableColumns(originBonds)
  return db.select(bond).from(originBonds).where(eq(modelId, id)).orderBy(desc(originBonds.version))
}

/** The leak tail of copies that are ordered in this epoch. */
async function leakTailOf({ client, deployment }: Market): Promise<number> {
  const { protocol: address } = deployment.contracts
  return Number(await client.readContract({ address, abi: protocolAbi, functionName: 'leakTail' }))
}

/** The cuts of this epoch, which are the same for every model. */
async function cutsOf({ client, deployment }: Market): Promise<Cuts> {
  const [protocolBps, proverBps, minterBps] = await client.readContract({
    address: deployment.contracts.protocol,
    abi: protocolAbi,
    functionName: 'cuts',
  })
  return { protocolBps, proverBps, minterBps }
}
