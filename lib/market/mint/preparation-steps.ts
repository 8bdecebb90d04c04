import 'server-only'
import { and, eq, exists, gte, isNotNull, isNull, lt, not, or, type SQL, sql } from 'drizzle-orm'
import { blobOwners, preparationShares, preparationSteps, preparing } from '../../db/schema'
import type { MinterWork } from '../../minting/blob-link'
import type { ClaimedStep, Step, StepClaim, StepEnd } from '../../minting/step'
import { type Market, market } from '../context/context'
import { HttpError } from '../http/http-error'
import { assertNotUploaded } from './assert-segments'
import { silence } from './silence'
import type { VersionId } from './version-secret'
import { claimedVersion } from './work-blobs'

const { name: stepName, maker, blob, size, claimedAt } = preparationSteps

const isOf = ({ modelId, manifestRoot }: VersionId) =>
  and(eq(preparationSteps.modelId, modelId), eq(preparationSteps.manifestRoot, manifestRoot))

/** Whether the minter that makes the step was heard lately. */
const isBeingMade = ({ db }: Pick<Market, 'db'>) => {
  const heard = [preparationShares, preparing].map((table) =>
    exists(
      db
        .select({ one: sql`1` })
        .from(table)
        .where(and(eq(table.claim, maker), gte(table.heardAt, silence))),
    ),
  )
  return sql`coalesce(${or(...heard)}, false)`
}

/** The steps of the work's version that are made or being made. Throws `minting.lease-over`. */
export async function listSteps(work: MinterWork): Promise<Step[]> {
  const ctx = await market()
  const version = await versionOf(ctx, work)
  const rows = await ctx.db
    .select({ name: stepName, blob, size })
    .from(preparationSteps)
    .where(and(isOf(version), or(isNotNull(blob), isBeingMade(ctx))))
  return rows.map(({ name, blob, size }) => ({ name, blob: blobOf({ blob, size }) }))
}

/** Lets a minter make a step that is neither made nor being made. Throws `minting.lease-over`. */
export async function claimStep({ work, name }: StepClaim): Promise<ClaimedStep> {
  const ctx = await market()
  const version = await versionOf(ctx, work)
  const isFree = and(isNull(blob), or(isNull(maker), eq(maker, work.id), not(isBeingMade(ctx))))
  const mine = await ctx.db
    .insert(preparationSteps)
    .values({ ...version, name, maker: work.id })
    .onConflictDoUpdate({
      target: [preparationSteps.modelId, preparationSteps.manifestRoot, stepName],
      set: { maker: work.id, claimedAt: sql`now()` },
      setWhere: isFree,
    })
    .returning()
  if (mine.length > 0) return { yours: true, blob: null }
  const [row] = await ctx.db
    .select({ blob, size })
    .from(preparationSteps)
    .where(and(isOf(version), eq(stepName, name)))
  return { yours: false, blob: row ? blobOf(row) : null }
}

/**
 * Keeps what a minter has made of a step, or only ends its claim. Of two who have made one, the first counts. Throws
 * `minting.lease-over`, `minting.blob-missing`, and `minting.blob-foreign` for a blob that somebody uploaded.
 */
export async function endStep({ work, name, blob: made }: StepEnd): Promise<void> {
  const ctx = await market()
  const version = await versionOf(ctx, work)
  if (made) {
    await assertNotUploaded(ctx, [made.sha256])
    if ((await ctx.blobs.size(made.sha256)) !== made.size)
      throw new HttpError(409, 'minting.blob-missing', { blob: made.sha256 })
  }
  await ctx.db
    .update(preparationSteps)
    .set(made ? { maker: null, blob: made.sha256, size: made.size } : { maker: null })
    .where(and(isOf(version), eq(stepName, name), eq(maker, work.id), isNull(blob)))
}

/** Deletes a version's steps and their blobs: its preparation is made. */
export async function forgetSteps(ctx: Pick<Market, 'db' | 'blobs'>, version: VersionId): Promise<void> {
  await removeSteps(ctx, isOf(version))
}

const staleDays = 7

/** Deletes steps of preparations that were given up: no minter has claimed one for a week. */
export async function removeStaleSteps(ctx: Pick<Market, 'db' | 'blobs'>): Promise<void> {
  const { db } = ctx
  const versions = await db
    .select({ modelId: preparationSteps.modelId, manifestRoot: preparationSteps.manifestRoot })
    .from(preparationSteps)
    .groupBy(preparationSteps.modelId, preparationSteps.manifestRoot)
    .having(lt(sql`max(${claimedAt})`, sql`now() - ${sql.raw(`interval '${staleDays} days'`)}`))
  for (const version of versions) await removeSteps(ctx, isOf(version))
}

/** A blob that somebody uploaded since stays. */
async function removeSteps({ db, blobs }: Pick<Market, 'db' | 'blobs'>, which: SQL | undefined): Promise<void> {
  const uploaded = db.select({ one: sql`1` }).from(blobOwners).where(eq(blobOwners.sha256, blob))
  const removed = await db
    .delete(preparationSteps)
    .where(which)
    .returning({ blob, isUploaded: sql<boolean>`${exists(uploaded)}` })
  for (const { blob, isUploaded } of removed) if (blob && !isUploaded) await blobs.remove(blob)
}

async function versionOf(ctx: Market, work: MinterWork): Promise<VersionId> {
  const version = work.kind === 'version' ? await claimedVersion(ctx, work.id) : null
  if (!version) throw new HttpError(409, 'minting.lease-over')
  return { modelId: version.modelId, manifestRoot: version.manifestRoot }
}

function blobOf({ blob, size }: { blob: string | null; size: number | null }): Step['blob'] {
  return blob === null || size === null ? null : { sha256: blob, size }
}
