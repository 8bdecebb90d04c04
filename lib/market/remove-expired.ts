import 'server-only'
import { and, eq, lt, notExists, sql } from 'drizzle-orm'
import { drafts, hostChecks, versions } from '../db/schema'
import { log } from '../log'
import type { Market } from './context/context'
import { removeUnusedSeeds } from './mint/seeds'
import { removeDraft } from './publish/discard-draft'
import { isDraft } from './publish/drafts'
import { uploads } from './publish/uploads'

const partDays = 7
const draftDays = 30
/** The record that a host’s uptime is counted from. */
const checkDays = 7
const daySeconds = 86_400
const dayMs = 86_400_000

/** Deletes unfinished uploads after a week, drafts with their files after a month, and checks of hosts after a week. Failures are logged. */
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
    await ctx.db.delete(hostChecks).where(lt(hostChecks.at, Math.floor(Date.now() / 1000) - checkDays * daySeconds))
    await (await uploads()).expire(partDays * dayMs, (draft) => isDraft(ctx, draft))
  } catch (error) {
    log.error({ err: error }, 'Expired uploads could not be deleted.')
  }
}
