import 'server-only'
import { randomBytes } from 'node:crypto'
import { and, asc, eq } from 'drizzle-orm'
import type { Address } from 'viem'
import type { WebhookTopic } from '../../api/webhook-topics'
import type { WebhookView, WebhookWithSecret } from '../../api/webhooks'
import { webhooks } from '../../db/schema'
import type { Reach } from '../../outbound/address'
import { assertReached } from '../../outbound/guard'
import type { Market } from '../context/context'
import { HttpError } from '../http/http-error'
import { newSecret, sealSecret } from './secrets'

const mostWebhooks = 10
/** For so long after a change, messages are signed with the former secret as well. */
const overlapHours = 24

type Ctx = Pick<Market, 'db' | 'env' | 'master'>
type Row = typeof webhooks.$inferSelect

export async function listWebhooks({ db }: Ctx, account: Address): Promise<WebhookView[]> {
  const rows = await db
    .select()
    .from(webhooks)
    .where(eq(webhooks.account, account))
    .orderBy(asc(webhooks.createdAt), asc(webhooks.id))
  return rows.map(viewOf)
}

/** Its secret is in this answer and never again. Throws `market.webhook-address` and `market.webhooks-many`. */
export async function createWebhook(
  { db, env, master }: Ctx,
  account: Address,
  given: { url: string; topics: WebhookTopic[] },
): Promise<WebhookWithSecret> {
  const url = webhookUrl(given.url, env)
  const id = `wh_${randomBytes(12).toString('hex')}`
  const secret = newSecret()
  const row = { id, account, url, topics: [...new Set(given.topics)], secret: sealSecret(master, id, secret) }
  const made = await db.transaction(async (tx) => {
    const own = await tx.select().from(webhooks).where(eq(webhooks.account, account)).for('update')
    if (own.length >= mostWebhooks) throw new HttpError(429, 'market.webhooks-many', { limit: mostWebhooks })
    return (await tx.insert(webhooks).values(row).returning())[0]
  })
  return { ...viewOf(made), secret }
}

/** What is still to be sent to it is dropped. Throws `market.webhook-unknown`. */
export async function endWebhook({ db }: Ctx, account: Address, id: string): Promise<void> {
  const ended = await db.delete(webhooks).where(isOwn(account, id)).returning()
  if (ended.length === 0) throw unknown(id)
}

/** Gives it another secret. Throws `market.webhook-unknown`. */
export async function changeSecret({ db, master }: Ctx, account: Address, id: string): Promise<WebhookWithSecret> {
  const secret = newSecret()
  const formerUntil = new Date(Date.now() + overlapHours * 3_600_000)
  const row = await db.transaction(async (tx) => {
    const [before] = await tx.select().from(webhooks).where(isOwn(account, id)).for('update')
    if (!before) throw unknown(id)
    const change = { secret: sealSecret(master, id, secret), formerSecret: before.secret, formerUntil }
    return (await tx.update(webhooks).set(change).where(isOwn(account, id)).returning())[0]
  })
  return { ...viewOf(row), secret }
}

/** Sends again what waits, after it was disabled. Throws `market.webhook-unknown`. */
export async function enableWebhook({ db }: Ctx, account: Address, id: string): Promise<WebhookView> {
  const change = { disabled: null, disabledAt: null, failures: 0, failingSince: null, restsUntil: new Date() }
  const [row] = await db.update(webhooks).set(change).where(isOwn(account, id)).returning()
  if (!row) throw unknown(id)
  return viewOf(row)
}

/** Throws `market.webhook-unknown` where the account has no such webhook. */
export async function requireWebhook({ db }: Pick<Ctx, 'db'>, account: Address, id: string): Promise<Row> {
  const [row] = await db.select().from(webhooks).where(isOwn(account, id))
  if (!row) throw unknown(id)
  return row
}

const isOwn = (account: Address, id: string) => and(eq(webhooks.id, id), eq(webhooks.account, account))
const unknown = (id: string) => new HttpError(404, 'market.webhook-unknown', { webhook: id.slice(0, 80) })

/** Which addresses messages are sent to. */
export const webhookReach = ({ privateWebhooks }: Pick<Ctx['env'], 'privateWebhooks'>): Reach =>
  privateWebhooks ? 'any' : 'public'

/** Names are resolved, and checked, whenever something is sent. */
function webhookUrl(text: string, { privateWebhooks }: Ctx['env']): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const protocols = privateWebhooks ? ['https:', 'http:'] : ['https:']
  if (!url || !protocols.includes(url.protocol) || url.username || url.password)
    throw new HttpError(400, 'market.webhook-address', { address: text.slice(0, 120) })
  assertReached(url, webhookReach({ privateWebhooks }))
  url.hash = ''
  return url.href
}

const seconds = (date: Date | null) => date && Math.floor(date.getTime() / 1000)

function viewOf(row: Row): WebhookView {
  const { id, url, topics, createdAt, failingSince, disabled, disabledAt, formerUntil } = row
  return {
    id,
    url,
    topics,
    createdAt: Math.floor(createdAt.getTime() / 1000),
    failingSince: seconds(failingSince),
    disabled,
    disabledAt: seconds(disabledAt),
    formerUntil: formerUntil && formerUntil > new Date() ? seconds(formerUntil) : null,
  }
}
