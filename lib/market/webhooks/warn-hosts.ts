import 'server-only'
import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { and, arrayContains, isNull } from 'drizzle-orm'
import type { z } from 'zod'
import { type WebhookEvents, webhookEvents } from '../../api/webhooks'
import { type Alert, alertsOf } from '../../chain/host-alerts'
import type { Db } from '../../db/open'
import { webhookMessages, webhooks } from '../../db/schema'
import { log } from '../../log'
import type { Market } from '../context/context'
import { hostingOf } from '../read/hosting-of'
import type { Hosting } from '../read/views'
import { payloadOf } from './announce'

const pauseMs = 60_000
const day = 86_400

type WarningType = Extract<keyof WebhookEvents, `host.${string}`>
type Warning = {
  [Type in WarningType]: {
    type: Type
    about: Omit<z.input<WebhookEvents[Type]['data']>, 'copy' | 'model' | 'at'>
  }
}[WarningType]

/**
 * Warns hosts whose webhooks want it, once a minute while this process leads: of what the hosting page warns of and the chain
 * does not tell. Ends when the process is asked to; errors are logged.
 */
export async function warnHosts(ctx: Market): Promise<void> {
  const { signal } = ctx.stopping
  let failing = false
  while (!signal.aborted) {
    await wait(pauseMs, undefined, { signal }).catch(() => undefined)
    try {
      if (signal.aborted || !(await ctx.leader.leads())) continue
      for (const [account, ids] of await wanting(ctx.db))
        await writeWarnings(ctx.db, ctx.deployment.chainId, ids, await hostingOf(account))
      failing = false
    } catch (error) {
      if (!failing) log.error({ err: error }, 'Hosts could not be warned; it is tried again.')
      failing = true
    }
  }
}

/** The webhooks that want warnings, by their accounts. */
async function wanting(db: Db): Promise<Map<Hosting['account'], string[]>> {
  const rows = await db
    .select({ id: webhooks.id, account: webhooks.account })
    .from(webhooks)
    .where(and(isNull(webhooks.disabled), arrayContains(webhooks.topics, [webhookEvents['host.unreachable'].topic])))
  const found = new Map<Hosting['account'], string[]>()
  for (const { id, account } of rows) found.set(account, [...(found.get(account) ?? []), id])
  return found
}

/** Writes a message for each warning to each of these webhooks of the account, once a day while it stands. `now`: Unix seconds. */
export async function writeWarnings(
  db: Db,
  chainId: number,
  ids: string[],
  { copies }: Pick<Hosting, 'copies'>,
  now = Math.floor(Date.now() / 1000),
): Promise<void> {
  const rows = copies.flatMap((copy) =>
    alertsOf(copy).flatMap((alert) => {
      const warning = warningOf(alert)
      if (!warning) return []
      const { type, about } = warning
      const number = 'deployment' in about ? about.deployment : 0
      const name = `${chainId} ${copy.copyId} ${type} ${number} ${Math.floor(now / day)}`
      const id = `evt_${createHash('sha256').update(name).digest('hex').slice(0, 28)}`
      const payload = payloadOf(type, now, { copy: copy.copyId, model: copy.model.id, ...about, at: now })
      return ids.map((webhook) => ({ webhook, id, type, payload, dueAt: new Date() }))
    }),
  )
  if (rows.length > 0) await db.insert(webhookMessages).values(rows).onConflictDoNothing()
}

/** Null for what the chain tells: challenges and convictions are events of their own. */
function warningOf(alert: Alert): Warning | null {
  switch (alert.kind) {
    case 'owed':
      return { type: 'host.owes', about: { owed: `${alert.owed}`, until: alert.until } }
    case 'collateral':
      return {
        type: 'host.collateral-low',
        about: { unitsCovered: `${alert.unitsCovered}`, usualUnits: `${alert.usual}` },
      }
    case 'escrow':
      return { type: 'host.escrow-low', about: { escrow: `${alert.escrow}`, needed: `${alert.needed}` } }
    case 'unreachable':
      return { type: 'host.unreachable', about: { deployment: alert.number } }
    case 'loss':
      return {
        type: 'host.price-low',
        about: { deployment: alert.number, price: `${alert.price}`, fee: `${alert.fee}` },
      }
    default:
      return null
  }
}
