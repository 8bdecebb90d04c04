import 'server-only'
import { and, asc, desc, eq, gt } from 'drizzle-orm'
import type { Address, Hex } from 'viem'
import { treasuryAbi } from '../../chain/generated'
import { edges, holders, versions } from '../../db/schema'
import { type Market, market } from '../context/context'
import { lineageOf } from './lineage'
import { describedModels, namesOf, summaryOf } from './model-summary'
import type { Cuts, ModelPage } from './views'

const holderLimit = 100

export async function getModel(id: string): Promise<ModelPage | null> {
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
    .select()
    .from(holders)
    .where(and(eq(holders.token, model.shares), gt(holders.shares, 0n)))
    .orderBy(desc(holders.shares))
    .limit(holderLimit)
  return {
    ...summaryOf(found, parents),
    version: version.version,
    versions: history.map((row) => ({
      version: row.version,
      manifestRoot: row.manifestRoot as Hex,
      registeredAt: row.registeredAt,
    })),
    manifestRoot: version.manifestRoot as Hex,
    termsHash: model.termsHash as Hex,
    card: metadata.card,
    files: metadata.files,
    tensors: metadata.tensors,
    shares: model.shares as Address,
    holders: held.map(({ account, shares }) => ({ account: account as Address, shares })),
    lineage: await lineageOf(ctx, id),
    cuts: await cutsOf(ctx),
    edges: owed.map(({ parent, royaltyBps }) => ({ parent, name: nameOf(parent), royaltyBps })),
    registeredTx: model.registeredTx as Hex,
    playground: metadata.playground ?? false,
  }
}

/** What the treasury takes before anybody else; the same for every model. */
async function cutsOf({ client, deployment }: Market): Promise<Cuts> {
  const [protocolBps, proverBps, minterBps] = await client.readContract({
    address: deployment.contracts.treasury,
    abi: treasuryAbi,
    functionName: 'cuts',
  })
  return { protocolBps, proverBps, minterBps }
}
