import 'server-only'
import { randomUUID } from 'node:crypto'
import { and, asc, eq, isNull, lt, or, sql } from 'drizzle-orm'
import { preparationShares } from '../../db/schema'
import type { Preparing } from '../../minting/version-work'
import type { Market } from '../context/context'
import { silence } from './silence'
import type { VersionId } from './version-secret'

const { part, done, heardAt, claim } = preparationShares

const sharesOf = ({ modelId, manifestRoot }: VersionId, of: number) =>
  and(
    eq(preparationShares.modelId, modelId),
    eq(preparationShares.manifestRoot, manifestRoot),
    eq(preparationShares.of, of),
  )

/**
 * Claims the first share of a version's preparation that is neither made nor being made. `all` once all are made, `none`
 * while other minters make the rest.
 */
export async function claimShare(
  { db }: Pick<Market, 'db'>,
  { modelId, manifestRoot }: VersionId,
  of: number,
): Promise<{ part: number; claim: string } | 'all' | 'none'> {
  const mine = sharesOf({ modelId, manifestRoot }, of)
  const parts = Array.from({ length: of }, (_, i) => ({ modelId, manifestRoot, of, part: i }))
  await db.insert(preparationShares).values(parts).onConflictDoNothing()
  return db.transaction(async (tx) => {
    const [free] = await tx
      .select({ part })
      .from(preparationShares)
      .where(and(mine, lt(done, 1), or(isNull(heardAt), lt(heardAt, silence))))
      .orderBy(asc(part))
      .limit(1)
      .for('update', { skipLocked: true })
    if (free) {
      const named = { part: free.part, claim: randomUUID() }
      await tx
        .update(preparationShares)
        .set({ heardAt: sql`now()`, done: 0, claim: named.claim })
        .where(and(mine, eq(part, free.part)))
      return named
    }
    const undone = await tx.$count(preparationShares, and(mine, lt(done, 1)))
    return undone === 0 ? 'all' : 'none'
  })
}

/** Keeps a claim on a share, and stores its progress, which never goes back. False where the claim is over. */
export async function reportShare(
  { db }: Pick<Market, 'db'>,
  version: VersionId,
  {
    share,
    claim: named,
    done: progress,
  }: Pick<Preparing, 'claim' | 'done'> & { share: NonNullable<Preparing['share']> },
): Promise<boolean> {
  const held = await db
    .update(preparationShares)
    .set({ done: sql`greatest(${done}, ${progress})`, heardAt: sql`now()` })
    .where(and(sharesOf(version, share.of), eq(part, share.part), eq(claim, named)))
    .returning()
  return held.length > 0
}

/** Forgets all shares of a version, whose preparation is made. */
export async function forgetShares({ db }: Pick<Market, 'db'>, { modelId, manifestRoot }: VersionId): Promise<void> {
  await db
    .delete(preparationShares)
    .where(and(eq(preparationShares.modelId, modelId), eq(preparationShares.manifestRoot, manifestRoot)))
}
