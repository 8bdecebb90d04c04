import 'server-only'
import { and, asc, desc, eq, gt } from 'drizzle-orm'
import { treasuryAbi } from '../../chain/generated'
import type { ModelId } from '../../chain/ids'
import { edges, holders, versions } from '../../db/schema'
import type { Cuts } from '../../money/split'
import { type Market, market } from '../context/context'
import { lineageOf } from './lineage'
import { describedModels, namesOf, summaryOf } from './model-summary'
import type { ModelPage } from './views'

const holderLimit = 100

export async function getModel(id: ModelId): Promise<ModelPage | null> {
  const ctx = await market()
  const [found] = await describedModels(ctx, [id])
  if (!found) return null
  const { model, version, metadata } = found
  const { db } = ctx
  const owed = await db.select().from(edges).where(eq(edges.child, id)).orderBy(asc(edges.position))
  const parents = owed.map(({ parent }) => parent)
  const nameOf = await namesOf(ctx, parents)
  const history = await db.select().from(versions).where(eq(versions.modelId, id)).orderBy(desc(versions.version))
  const held = await db
    .select({ account: holders.account, shares: holders.shares })
    .from(holders)
    .where(and(eq(holders.token, model.shares), gt(holders.shares, 0n)))
    .orderBy(desc(holders.shares))
    .limit(holderLimit)
  return {
    ...summaryOf(found, parents),
    version: version.version,
    versions: history.map((row) => ({
      version: row.version,
      manifestRoot: row.manifestRoot,
      registeredAt: row.registeredAt,
    })),
    manifestRoot: version.manifestRoot,
    termsHash: model.termsHash,
    card: metadata.card,
    files: metadata.files,
    tensors: metadata.tensors,
    shares: model.shares,
    holders: held,
    lineage: await lineageOf(ctx, id),
    cuts: await cutsOf(ctx),
    edges: owed.map(({ parent, royaltyBps }) => ({ parent, name: nameOf(parent), royaltyBps })),
    registeredTx: model.registeredTx,
    playground: metadata.playground ?? false,
  }
}

/** The treasury's cuts, which are the same for every model. */
async function cutsOf({ client, deployment }: Market): Promise<Cuts> {
  const [protocolBps, proverBps, minterBps] = await client.readContract({
    address: deployment.contracts.treasury,
    abi: treasuryAbi,
    functionName: 'cuts',
  })
  return { protocolBps, proverBps, minterBps }
}
