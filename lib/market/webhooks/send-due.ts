import 'server-only'
import { and, asc, eq, isNotNull, isNull, lte, sql } from 'drizzle-orm'
import type { Db } from '../../db/open'
import { webhookAttempts, webhookMessages, webhooks } from '../../db/schema'
import { KinmarkError } from '../../error'
import { log } from '../../log'
import { type Answer, post } from '../../outbound/post'
import { jsonFacts } from '../../problem'
import type { Market } from '../context/context'
import { signedHeaders, unsealSecret } from './secrets'
import { webhookReach } from './webhooks'

/** Of a message: seconds until the second try, four times as many until each one after, and never more than half a day. */
const firstPause = 5
const longestPause = 43_200
const mostAttempts = 14
/** Of a webhook whose answers are no success: seconds until it is asked anything again, twice as many each time. */
const longestRest = 300
/** A webhook without success for so long is disabled. */
const failingDays = 3
/** A message is taken again after so many seconds where its process ended. */
const leaseSeconds = 30
const timeoutMs = 10_000
const answerBytes = 512

type Webhook = typeof webhooks.$inferSelect
type Message = typeof webhookMessages.$inferSelect
export type Taken = { webhook: Webhook; message: Message }

const inSeconds = (seconds: number) => new Date(Date.now() + 1000 * seconds)
/** Many that failed together do not come back together. */
const jittered = (seconds: number) => seconds * (0.8 + 0.4 * Math.random())

/**
 * Takes the oldest due message of each of at most `most` webhooks. Of all processes one takes it, and a webhook has one
 * request at a time.
 */
export async function takeDue(db: Db, most: number): Promise<Taken[]> {
  return db.transaction(async (tx) => {
    const now = new Date()
    const due = and(isNotNull(webhookMessages.dueAt), lte(webhookMessages.dueAt, now))
    const rested = await tx
      .select()
      .from(webhooks)
      .where(
        and(
          isNull(webhooks.disabled),
          lte(webhooks.restsUntil, now),
          sql`exists (${tx
            .select({ one: sql`1` })
            .from(webhookMessages)
            .where(and(eq(webhookMessages.webhook, webhooks.id), due))})`,
        ),
      )
      .orderBy(asc(webhooks.restsUntil))
      .limit(most)
      .for('update', { skipLocked: true })
    const taken: Taken[] = []
    for (const webhook of rested) {
      const [oldest] = await tx
        .select()
        .from(webhookMessages)
        .where(and(eq(webhookMessages.webhook, webhook.id), due))
        .orderBy(asc(webhookMessages.dueAt), asc(webhookMessages.id))
        .limit(1)
      if (!oldest) continue
      const again = inSeconds(leaseSeconds)
      const [message] = await tx
        .update(webhookMessages)
        .set({ attempts: oldest.attempts + 1, dueAt: again })
        .where(isMessage(oldest))
        .returning()
      await tx.update(webhooks).set({ restsUntil: again }).where(eq(webhooks.id, webhook.id))
      taken.push({ webhook, message })
    }
    return taken
  })
}

const isMessage = ({ webhook, id }: Message) => and(eq(webhookMessages.webhook, webhook), eq(webhookMessages.id, id))

type Outcome = { status: number | null; answer: string | null; failure: KinmarkError | null }

/** Sends a message that was taken, and writes down what came of it. */
export async function send({ db, env, master }: Pick<Market, 'db' | 'env' | 'master'>, taken: Taken): Promise<void> {
  const { webhook, message } = taken
  const started = performance.now()
  const limits = { reach: webhookReach(env), timeoutMs, maxBytes: answerBytes }
  const headers = {
    ...signedHeaders(secretsOf(master, webhook), message.id, new Date(), message.payload),
    'user-agent': 'Kinmark-Webhooks/1',
    // A connection that was kept may be closed by the receiver just when the next message goes out.
    connection: 'close',
  }
  const outcome: Outcome = await post(new URL(webhook.url), message.payload, { headers, limits }).then(
    ({ status, text }: Answer) => ({ status, answer: text.replaceAll('\0', ''), failure: null }),
    (error) => {
      if (!(error instanceof KinmarkError)) throw error
      return { status: null, answer: null, failure: error }
    },
  )
  await writeDown(db, taken, outcome, Math.round(performance.now() - started))
}

/** The secret, and for a day after it was changed the one from before. */
function secretsOf(master: Uint8Array, { id, secret, formerSecret, formerUntil }: Webhook): string[] {
  const former = formerSecret && formerUntil && formerUntil > new Date() ? [formerSecret] : []
  return [secret, ...former].map((sealed) => unsealSecret(master, id, sealed))
}

async function writeDown(db: Db, { webhook, message }: Taken, outcome: Outcome, ms: number): Promise<void> {
  const { status, answer, failure } = outcome
  const arrived = status !== null && status >= 200 && status < 300
  const facts = failure && { code: failure.code, facts: jsonFacts(failure.facts) }
  await db.transaction(async (tx) => {
    // Who has ended the webhook meanwhile has ended its messages.
    const [now] = await tx.select().from(webhooks).where(eq(webhooks.id, webhook.id)).for('update')
    if (!now) return
    await tx
      .insert(webhookAttempts)
      .values({ webhook: webhook.id, message: message.id, status, ms, answer, failure: facts })
    // A message that was taken again, or is sent again, is no longer ours.
    const ours = and(isMessage(message), eq(webhookMessages.attempts, message.attempts))
    const dueAt = arrived || status === 410 || message.attempts >= mostAttempts ? null : nextTry(message.attempts)
    await tx
      .update(webhookMessages)
      .set({ dueAt, ...(arrived && { arrivedAt: new Date() }) })
      .where(ours)
    await tx
      .update(webhooks)
      .set(arrived ? working : failing(now, status))
      .where(eq(webhooks.id, webhook.id))
  })
}

function nextTry(attempts: number): Date {
  return inSeconds(jittered(Math.min(firstPause * 4 ** (attempts - 1), longestPause)))
}

const working = { restsUntil: sql`now()`, failures: 0, failingSince: null }

function failing({ failures, failingSince, disabled }: Webhook, status: number | null) {
  const since = failingSince ?? new Date()
  const rest = jittered(Math.min(2 ** (failures + 1), longestRest))
  const long = Date.now() - since.getTime() > failingDays * 86_400_000
  const why: 'gone' | 'failing' | null = status === 410 ? 'gone' : long ? 'failing' : null
  if (why && !disabled) log.info({ why }, 'A webhook was disabled.')
  return {
    failures: failures + 1,
    failingSince: since,
    restsUntil: inSeconds(rest),
    ...(why && !disabled && { disabled: why, disabledAt: new Date() }),
  }
}
