import 'server-only'
import { and, eq, lt, notExists, sql } from 'drizzle-orm'
import { drafts, hostChecks, versions } from '../db/schema'
import { log } from '../log'
import type { Market } from './context/context'
import { removeOldListenings } from './mint/listenings'
import { removeStaleSteps } from './mint/preparation-steps'
import { removeUnusedSeeds } from './mint/seeds'
import { removeDraft } from './publish/discard-draft'
import { isDraft } from './publish/drafts'
import { uploads } from './publish/uploads'
import { removeOldMessages } from './webhooks/messages'

const partDays = 7
const draftDays = 30
/** The record that a host’s uptime is counted from. */
const checkDays = 7
const daySeconds = 86_400
const dayMs = 86_400_000

/** Drafts that were not registered within a month, and uploads that did not end within a week or whose draft is gone. */
async function expired(ctx: Market) {
  const registered = ctx.db.select({ one: sql`1` }).from(versions).where(eq(versions.manifestRoot, drafts.manifestRoot))
  const old = await ctx.db
    .select()
    .from(drafts)
    .where(and(lt(drafts.createdAt, new Date(Date.now() - draftDays * dayMs)), notExists(registered)))
  const parts = await (await uploads()).expired(partDays * dayMs, (draft) => isDraft(ctx, draft))
  return { drafts: old, uploads: parts }
}

/**
 * Deletes what is expired, with its files, checks of hosts, steps of preparations that were given up, recorded
 * answers that were judged a month ago, and buyers' seeds that no order used. With KINMARK_EXPIRY=log it says what it would
 * delete and deletes nothing. Failures are logged.
 */
export async function removeExpired(ctx: Market): Promise<void> {
  try {
    const found = await expired(ctx)
    if (ctx.env.expiry === 'log') return logOnly(found)
    for (const draft of found.drafts) await removeDraft(ctx, draft)
    for (const { id } of found.uploads) await (await uploads()).drop(id)
    await removeUnusedSeeds(ctx)
    await removeStaleSteps(ctx)
    await removeOldListenings(ctx)
    await removeOldMessages(ctx)
    await ctx.db.delete(hostChecks).where(lt(hostChecks.at, Math.floor(Date.now() / 1000) - checkDays * daySeconds))
  } catch (error) {
    log.error({ err: error }, 'Expired uploads could not be deleted.')
  }
}

function logOnly({ drafts, uploads }: Awaited<ReturnType<typeof expired>>): void {
  for (const { id, owner, createdAt, files } of drafts) {
    const bytes = files.reduce((sum, { size }) => sum + size, 0)
    log.info({ draft: id, owner, createdAt, files: files.length, bytes }, 'This draft would be deleted.')
  }
  for (const { id, draft, path, arrived } of uploads)
    log.info({ upload: id, draft, path, bytes: arrived }, 'This upload would be deleted.')
}
