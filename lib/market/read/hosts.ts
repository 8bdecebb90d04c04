import 'server-only'
import { and, asc, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { type CopyId, type ModelId, toCopyId } from '../../chain/ids'
import { copies, deployments, hostChecks, logs } from '../../db/schema'
import type { ErrorCode } from '../../error'
import { decode } from '../../indexer/decode'
import { publicOrigin } from '../../payer/public-origin'
import { type Market, market } from '../context/context'
import { localChainId } from './get-chain-config'
import { namesOf } from './model-summary'
import type { HostRecord, HostView } from './views'

const mostHosts = 100
const hundred = 100

/** Where copies of a model are served now: the cheapest first. */
export async function hostsOf(id: ModelId): Promise<HostView[]> {
  return hostsWhere(await market(), and(eq(copies.modelId, id), isServed))
}

/** One open deployment; null where there is none. */
export async function getHost(copyId: CopyId, number: number): Promise<HostView | null> {
  const one = and(eq(deployments.copyId, copyId), eq(deployments.number, number), isServed)
  const [found] = await hostsWhere(await market(), one)
  return found ?? null
}

/** Where a browser may call an open deployment; null where it must not. */
export async function hostOrigin(copyId: CopyId, number: number): Promise<string | null> {
  const { db, deployment } = await market()
  const one = and(eq(deployments.copyId, copyId), eq(deployments.number, number), eq(deployments.open, true))
  const [found] = await db.select({ url: deployments.url }).from(deployments).where(one)
  return found ? publicOrigin(found.url, deployment.chainId === localChainId) : null
}

const isServed = and(eq(deployments.open, true), eq(copies.state, 'active'), eq(copies.lost, false))

async function hostsWhere(ctx: Market, where: SQL | undefined): Promise<HostView[]> {
  const rows = await ctx.db
    .select({ deployment: deployments, modelId: copies.modelId, host: copies.buyer })
    .from(deployments)
    .innerJoin(copies, eq(copies.id, deployments.copyId))
    .where(where)
    .orderBy(asc(deployments.price), asc(deployments.openedAt), asc(deployments.copyId), asc(deployments.number))
    .limit(mostHosts)
  const ids = [...new Set(rows.map(({ deployment }) => deployment.copyId))]
  const [nameOf, challenges, records] = await Promise.all([
    namesOf(
      ctx,
      rows.map(({ modelId }) => modelId),
    ),
    challengesOf(ctx, ids),
    recordsOf(ctx, ids),
  ])
  const local = ctx.deployment.chainId === localChainId
  return rows.map(({ deployment, modelId, host }) => {
    const { copyId, number, operator, url, price, openedAt } = deployment
    return {
      ...{ copyId, number, operator, url, price, openedAt, host },
      model: { id: modelId, name: nameOf(modelId) },
      origin: publicOrigin(url, local),
      record: records.get(`${copyId} ${number}`) ?? null,
      challenges: challenges.get(copyId) ?? { open: 0, answered: 0, convicted: 0 },
    }
  })
}

/** What the prober saw, by copy and number. */
export async function recordsOf({ db }: Market, ids: CopyId[]): Promise<Map<string, HostRecord>> {
  if (ids.length === 0) return new Map()
  const { copyId, number, at, problem, precision, firstMs, tokensPerSecond } = hostChecks
  const counted = await db
    .select({
      ...{ copyId, number },
      checks: sql<number>`count(*)::int`,
      good: sql<number>`count(*) filter (where ${problem} is null)::int`,
      last: sql<{
        at: number
        problem: ErrorCode | null
        precision: string | null
      }>`(array_agg(json_build_object('at', ${at}, 'problem', ${problem}, 'precision', ${precision}) order by ${at} desc))[1]`,
      speed: sql<
        HostRecord['speed']
      >`(array_agg(json_build_object('at', ${at}, 'firstMs', ${firstMs}, 'tokensPerSecond', ${tokensPerSecond}) order by ${at} desc) filter (where ${firstMs} is not null))[1]`,
    })
    .from(hostChecks)
    .where(inArray(copyId, ids))
    .groupBy(copyId, number)
  return new Map(
    counted.map(({ copyId, number, checks, good, last, speed }) => {
      const { at: checkedAt, problem, precision } = last
      return [`${copyId} ${number}`, { checks, good, checkedAt, problem, precision, speed }]
    }),
  )
}

/** Challenges of copies, by what came of them. */
async function challengesOf(ctx: Market, ids: CopyId[]): Promise<Map<CopyId, HostView['challenges']>> {
  const counts = new Map<CopyId, HostView['challenges']>()
  if (ids.length === 0) return counts
  for (const { name, copyId } of await challengeEvents(ctx)) {
    const found = counts.get(copyId) ?? { open: 0, answered: 0, convicted: 0 }
    if (name === 'Challenged') found.open++
    if (name === 'Answered') {
      found.open--
      found.answered++
    }
    if (name === 'Convicted') found.convicted++
    counts.set(copyId, found)
  }
  return counts
}

/** Events of challenges of copies, oldest first. */
export async function challengeEvents(ctx: Market) {
  const rows = await ctx.db
    .select()
    .from(logs)
    .where(eq(logs.address, ctx.deployment.contracts.challengeCourt))
    .orderBy(desc(logs.block), desc(logs.logIndex))
    .limit(hundred * hundred)
  return rows.reverse().flatMap((log) => {
    const event = decode(log, ctx.chain.contracts)
    if (event?.from !== 'challenges' || !('copyId' in event.args)) return []
    return [{ name: event.eventName, copyId: toCopyId(event.args.copyId), at: log.at, tx: log.tx, args: event.args }]
  })
}
