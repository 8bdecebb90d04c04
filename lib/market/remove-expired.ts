import 'server-only'
import { and, eq, lt, notExists, sql } from 'drizzle-orm'
import { drafts, versions } from '../db/schema'
import { log } from '../log'
import type { Market } from './context/context'
import { removeUnusedSeeds } from './mint/seeds'
import { removeDraft } from './publish/discard-draft'
import { isDraft } from './publish/drafts'
import { uploads } from './publish/uploads'
import { removeOldMessages } from './webhooks/messages'

const partDays = 7
const draftDays = 30
const dayMs = 86_400_000

/** Deletes unfinished uploads after a week, and drafts with their files after a month. Failures are logged. */
export async function removeExpired(ctx: Market): Promise<void> {
  try {
    const registered = ctx.db
      .select({ one: sql`1` })
      .from(versions)
      .where(eq(versions.manifestRoot, drafts.manifestRoot))
    const old = await ctx.db
      .select()
      .from(drafts)
      .where(and(lt(drafts.createdAt, new Date(Date.now() - draftDays * dayMs)), notExists(registered)))
    for (const draft of old) await removeDraft(ctx, draft)
    await removeUnusedSeeds(ctx)
    await removeOldMessages(ctx)
    await (await uploads()).expire(partDays * dayMs, (draft) => isDraft(ctx, draft))
  } catch (error) {
    log.error({ err: error }, 'Expired uploads could not be deleted.')
  }
}
