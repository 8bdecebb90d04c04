import 'server-only'
import { randomBytes } from 'node:crypto'
import { and, desc, eq, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm'
import type { Address } from 'viem'
import type { MessageView } from '../../api/webhooks'
import type { Db } from '../../db/open'
import { webhookAttempts, webhookMessages } from '../../db/schema'
import { errorFrom } from '../../error'
import { HttpError } from '../http/http-error'
import { readCursor, writeCursor } from '../read/cursor'
import { payloadOf } from './announce'
import { requireWebhook } from './webhooks'

const shownTries = 20
const keptDays = 30

type Message = typeof webhookMessages.$inferSelect
type Ctx = { db: Db }
type Paging = { limit: number; cursor?: string }

/** A webhook’s messages with their tries, the newest first. Throws `market.webhook-unknown`. */
export async function listMessages(ctx: Ctx, account: Address, id: string, { limit, cursor }: Paging) {
  await requireWebhook(ctx, account, id)
  const place = cursor === undefined ? null : readCursor(cursor, /^\d{1,20}$/)
  const micros = sql<string>`(extract(epoch from ${webhookMessages.createdAt}) * 1000000)::bigint::text`
  const after = place
    ? sql`(${webhookMessages.createdAt}, ${webhookMessages.id}) < (to_timestamp(0) + ${place.value}::bigint * interval '1 microsecond', ${place.id})`
    : undefined
  const rows = await ctx.db
    .select({ message: webhookMessages, micros })
    .from(webhookMessages)
    .where(and(eq(webhookMessages.webhook, id), after))
    .orderBy(desc(webhookMessages.createdAt), desc(webhookMessages.id))
    .limit(limit + 1)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const tries = await triesOf(
    ctx,
    id,
    page.map(({ message }) => message.id),
  )
  return {
    items: page.map(({ message }) => viewOf(message, tries.get(message.id) ?? [])),
    next: rows.length > limit && last ? writeCursor({ value: last.micros, id: last.message.id }) : null,
  }
}

/** Queues a message that says nothing but that it is a test. Throws `market.webhook-unknown`. */
export async function sendTest(ctx: Ctx, account: Address, webhook: string): Promise<MessageView> {
  await requireWebhook(ctx, account, webhook)
  const id = `evt_test_${randomBytes(12).toString('hex')}`
  const payload = payloadOf('webhook.test', Math.floor(Date.now() / 1000), { webhook })
  const row = { webhook, id, type: 'webhook.test', payload, dueAt: new Date() }
  const [message] = await ctx.db.insert(webhookMessages).values(row).returning()
  return viewOf(message, [])
}

/** Sends a message once more, whether it has arrived or not. Throws `market.webhook-unknown` and `market.message-unknown`. */
export async function replayMessage(ctx: Ctx, account: Address, webhook: string, id: string): Promise<MessageView> {
  const [message] = await replay(ctx, account, webhook, eq(webhookMessages.id, id))
  if (!message) throw new HttpError(404, 'market.message-unknown', { message: id.slice(0, 80) })
  const tries = await triesOf(ctx, webhook, [id])
  return viewOf(message, tries.get(id) ?? [])
}

/** Sends all messages again that were given up. Returns how many. Throws `market.webhook-unknown`. */
export async function replayFailed(ctx: Ctx, account: Address, webhook: string): Promise<number> {
  const failed = and(isNull(webhookMessages.dueAt), isNull(webhookMessages.arrivedAt))
  return (await replay(ctx, account, webhook, failed)).length
}

async function replay(ctx: Ctx, account: Address, webhook: string, which: SQL | undefined): Promise<Message[]> {
  await requireWebhook(ctx, account, webhook)
  return ctx.db
    .update(webhookMessages)
    .set({ dueAt: new Date(), attempts: 0 })
    .where(and(eq(webhookMessages.webhook, webhook), which))
    .returning()
}

/** Deletes messages that are a month old, with their tries. */
export async function removeOldMessages({ db }: Ctx): Promise<void> {
  await db.delete(webhookMessages).where(lt(webhookMessages.createdAt, sql`now() - make_interval(days => ${keptDays})`))
}

type Try = MessageView['tries'][number]

async function triesOf({ db }: Ctx, webhook: string, ids: string[]): Promise<Map<string, Try[]>> {
  const tries = new Map<string, Try[]>()
  if (ids.length === 0) return tries
  const rows = await db
    .select()
    .from(webhookAttempts)
    .where(and(eq(webhookAttempts.webhook, webhook), inArray(webhookAttempts.message, ids)))
    .orderBy(desc(webhookAttempts.at))
  for (const { message, at, status, ms, answer, failure } of rows) {
    const known = tries.get(message) ?? []
    if (known.length >= shownTries) continue
    const reason = failure && (errorFrom(failure.code, failure.facts)?.message ?? failure.code)
    tries.set(message, [...known, { at: seconds(at), status, ms, answer, reason }])
  }
  return tries
}

const seconds = (date: Date) => Math.floor(date.getTime() / 1000)

function viewOf({ id, type, createdAt, attempts, dueAt, arrivedAt, payload }: Message, tries: Try[]): MessageView {
  return {
    id,
    type,
    createdAt: seconds(createdAt),
    state: dueAt ? 'waiting' : arrivedAt ? 'arrived' : 'failed',
    attempts,
    dueAt: dueAt && seconds(dueAt),
    arrivedAt: arrivedAt && seconds(arrivedAt),
    payload,
    tries,
  }
}
