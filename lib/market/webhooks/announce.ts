import 'server-only'
import { and, eq, gt, inArray, isNull } from 'drizzle-orm'
import type { Address } from 'viem'
import { webhookEvents } from '../../api/webhooks'
import type { ModelId } from '../../chain/ids'
import type { Db } from '../../db/open'
import { holders, models, webhookMessages, webhookPlaces, webhooks } from '../../db/schema'
import type { Chain, Synced } from '../../indexer/sync'
import { localChainId } from '../read/get-chain-config'
import type { Happened } from './happened/happened'
import { happenedBetween } from './happened/happened-between'

/** Most blocks whose messages are written at once, and rows in one statement. */
const mostBlocks = 500
const chunk = 1_000

/**
 * Up to which block webhooks may tell what happened: blocks that cannot be undone; of a local chain, which has no
 * finality and is set back by hand only, all that are indexed.
 */
export function settledBlock({ chainId }: Pick<Chain, 'chainId'>, { indexed, final }: Synced): number {
  return chainId === localChainId ? (indexed ?? -1) : final
}

type Webhook = Pick<typeof webhooks.$inferSelect, 'id' | 'account' | 'topics'>

/**
 * Writes a message for every webhook and event in blocks up to `final` that none was written for. Blocks up to `final`
 * cannot be undone, so no message is ever taken back. Messages and place are written together: whatever ends a process,
 * there is one message for each webhook and event. Returns whether blocks are left.
 */
export async function announce(db: Db, chain: Pick<Chain, 'chainId' | 'contracts'>, final: number): Promise<boolean> {
  if (final < 0) return false
  const deployment = `${chain.chainId} ${chain.contracts.modelRegistry}`
  return db.transaction(async (tx) => {
    const one = eq(webhookPlaces.deployment, deployment)
    const [place] = await tx.select().from(webhookPlaces).where(one).for('update')
    if (!place) {
      await tx.insert(webhookPlaces).values({ deployment, block: final }).onConflictDoNothing()
      return false
    }
    const move = (block: number) => tx.update(webhookPlaces).set({ block }).where(one)
    if (final < place.block && chain.chainId === localChainId) await move(final)
    if (final <= place.block) return false
    const all: Webhook[] = await tx
      .select({ id: webhooks.id, account: webhooks.account, topics: webhooks.topics })
      .from(webhooks)
      .where(isNull(webhooks.disabled))
    const to = all.length === 0 ? final : Math.min(final, place.block + mostBlocks)
    if (all.length > 0) await write(tx, all, await happenedBetween(tx, chain, place.block, to))
    await move(to)
    return to < final
  })
}

async function write(db: Db, all: Webhook[], happened: Happened[]): Promise<void> {
  if (happened.length === 0) return
  const models = happened.flatMap(({ holdersOf }) => holdersOf ?? [])
  const holding = await holdersAmong(db, [...new Set(all.map(({ account }) => account))], [...new Set(models)])
  const rows = happened.flatMap(({ id, type, at, data, accounts, holdersOf }) => {
    const concerned = new Set([...accounts, ...((holdersOf && holding.get(holdersOf)) ?? [])])
    const { topic } = webhookEvents[type]
    const payload = payloadOf(type, at, data)
    const dueAt = new Date()
    return all
      .filter(({ account, topics }) => concerned.has(account) && topics.includes(topic))
      .map(({ id: webhook }) => ({ webhook, id, type, payload, dueAt }))
  })
  for (let from = 0; from < rows.length; from += chunk)
    await db
      .insert(webhookMessages)
      .values(rows.slice(from, from + chunk))
      .onConflictDoNothing()
}

/** The body of a message. `at`: Unix seconds. */
export function payloadOf(type: string, at: number, data: object): string {
  return JSON.stringify({ type, timestamp: new Date(1000 * at).toISOString(), data })
}

/** Which of `accounts` hold shares of which of `ids`. */
async function holdersAmong(db: Db, accounts: Address[], ids: ModelId[]): Promise<Map<ModelId, Address[]>> {
  const found = new Map<ModelId, Address[]>()
  for (let from = 0; from < ids.length; from += chunk) {
    const rows = await db
      .select({ id: models.id, account: holders.account })
      .from(holders)
      .innerJoin(models, eq(models.shares, holders.token))
      .where(
        and(
          inArray(models.id, ids.slice(from, from + chunk)),
          inArray(holders.account, accounts),
          gt(holders.shares, 0n),
        ),
      )
    for (const { id, account } of rows) found.set(id, [...(found.get(id) ?? []), account])
  }
  return found
}
