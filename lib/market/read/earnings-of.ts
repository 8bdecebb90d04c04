import 'server-only'
import { and, desc, eq, gt, inArray } from 'drizzle-orm'
import type { Address } from 'viem'
import { treasuryAbi } from '../../chain/generated'
import type { ModelId } from '../../chain/ids'
import { claims, edges, holders, ledger, models } from '../../db/schema'
import { partDown, sharesBps } from '../../money/split'
import { type Market, market } from '../context/context'
import { walk } from './lineage'
import { namesOf } from './model-summary'
import type { EarningLine, Earnings } from './views'

type Edge = typeof edges.$inferSelect
const lineLimit = 500
const shareSupply = 10n ** 24n

/** The account's earnings from indexed events, and what it can claim from the chain. */
export async function earningsOf(account: Address): Promise<Earnings> {
  const ctx = await market()
  const own = await ownModels(ctx, account)
  const ids = own.map(({ id }) => id)
  const nameOf = await namesOf(ctx, ids)
  const { flows, inflow } = await pendingFlows(ctx, ids)
  const read = treasuryOf(ctx)
  return {
    account,
    models: await Promise.all(
      own.map(async ({ id, shares, claimed, ownBps }) => ({
        id,
        name: nameOf(id),
        shares,
        claimed,
        claimable: await read.claimable(id, account),
        flowable: partDown((inflow.get(id) ?? 0n) * shares, ownBps) / shareSupply,
      })),
    ),
    credit: await read.credit(account),
    lines: await linesOf(ctx, ids),
    flows,
  }
}

/** Models that the account holds shares of or has claimed from. */
async function ownModels({ db }: Market, account: Address) {
  const held = await db
    .select({ id: models.id, shares: holders.shares })
    .from(holders)
    .innerJoin(models, eq(models.shares, holders.token))
    .where(and(eq(holders.account, account), gt(holders.shares, 0n)))
  const claimed = await db.select().from(claims).where(eq(claims.account, account))
  const ids = [...new Set([...held.map(({ id }) => id), ...claimed.map(({ modelId }) => modelId)])]
  const owed = ids.length > 0 ? await db.select().from(edges).where(inArray(edges.child, ids)) : []
  return ids.map((id) => ({
    id,
    shares: held.find((row) => row.id === id)?.shares ?? 0n,
    claimed: claimed.find((row) => row.modelId === id)?.amount ?? 0n,
    ownBps: sharesBps(owed.filter((edge) => edge.child === id)),
  }))
}

/** Edges below these models with royalties that still wait, furthest child first, and what each model gets when all have flowed. */
async function pendingFlows(ctx: Market, ids: ModelId[]) {
  const below = new Map<string, Edge>()
  for (const id of ids)
    for (const edge of await walk(ctx, id, 'parent', 'child')) below.set(`${edge.child} ${edge.parent}`, edge)
  // A child is registered after its parents, so its number is higher.
  const ordered = [...below.values()].sort((a, b) => Number(BigInt(b.child) - BigInt(a.child)))
  const read = treasuryOf(ctx)
  const waiting = await Promise.all(ordered.map((edge) => read.edgeAccrued(edge)))
  const inflow = new Map<ModelId, bigint>()
  const flows: Earnings['flows'] = []
  for (const [i, { child, parent, royaltyBps }] of ordered.entries()) {
    const amount = waiting[i] + partDown(inflow.get(child) ?? 0n, royaltyBps)
    if (amount === 0n) continue
    inflow.set(parent, (inflow.get(parent) ?? 0n) + amount)
    flows.push({ child, parent })
  }
  return { flows, inflow }
}

async function linesOf({ db }: Market, ids: ModelId[]): Promise<EarningLine[]> {
  if (ids.length === 0) return []
  const rows = await db
    .select()
    .from(ledger)
    .where(inArray(ledger.modelId, ids))
    .orderBy(desc(ledger.block), desc(ledger.logIndex))
    .limit(lineLimit)
  const nameOf = await namesOf({ db }, [...ids, ...rows.flatMap(({ child }) => child ?? [])])
  return rows.map(({ modelId, kind, copyId, child, amount, at, tx }) => ({
    model: { id: modelId, name: nameOf(modelId) },
    source:
      kind === 'copy' && copyId
        ? { kind, copyId }
        : kind === 'royalty' && child
          ? { kind, child: { id: child, name: nameOf(child) } }
          : { kind: 'payment' },
    amount,
    at,
    tx,
  }))
}

function treasuryOf({ client, deployment }: Market) {
  const contract = { address: deployment.contracts.treasury, abi: treasuryAbi } as const
  return {
    claimable: (id: ModelId, account: Address) =>
      client.readContract({ ...contract, functionName: 'claimable', args: [BigInt(id), account] }),
    edgeAccrued: ({ child, parent }: Edge) =>
      client.readContract({ ...contract, functionName: 'edgeAccrued', args: [BigInt(child), BigInt(parent)] }),
    credit: (account: Address) => client.readContract({ ...contract, functionName: 'credit', args: [account] }),
  }
}
