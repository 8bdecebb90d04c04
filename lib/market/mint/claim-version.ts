import 'server-only'
import { randomUUID } from 'node:crypto'
import { and, desc, eq, exists, isNotNull, isNull, lt, or, sql } from 'drizzle-orm'
import { bytesToHex } from 'viem'
import type { ModelId } from '../../chain/ids'
import type { Db } from '../../db/open'
import { namedMinters, preparations, preparing, quotes, versions } from '../../db/schema'
import type { Preparing, VersionWork } from '../../minting/version-work'
import { type Market, market } from '../context/context'
import { HttpError } from '../http/http-error'
import { claimShare, forgetShares, reportShare } from './claim-share'
import { preparationRow } from './preparation-row'
import { forgetSteps } from './preparation-steps'
import { silence } from './silence'
import { storePreparation, storeVisitorsCopy } from './store-preparation'
import { type VersionId, versionSecret } from './version-secret'

/** Versions that are looked at where other minters make all shares of the first ones. */
const candidates = 100

const isVersion = ({ modelId, manifestRoot }: VersionId) =>
  and(eq(preparing.modelId, modelId), eq(preparing.manifestRoot, manifestRoot))

/** Whether the creator lets visitors load the version. */
const isForVisitors = sql`${versions.metadata}->>'playground' = 'true'`

/** Requests for quotes of the version that a query looks at. */
const waiting = (db: Db) =>
  db
    .select()
    .from(quotes)
    .where(and(eq(quotes.modelId, versions.modelId), eq(quotes.version, versions.version), isNull(quotes.signed)))

/**
 * Claims the next version that our minter may mint and whose key pool is not on the chain or whose visitors' copy is
 * missing, or a share of it: those that buyers wait for first, then the oldest. Null if there is none.
 */
export async function claimVersion(): Promise<VersionWork | null> {
  const ctx = await market()
  const { db, deployment } = ctx
  const found = await db
    .select({ version: versions })
    .from(versions)
    .innerJoin(
      namedMinters,
      and(eq(namedMinters.modelId, versions.modelId), eq(namedMinters.minter, deployment.minter)),
    )
    .leftJoin(
      preparing,
      and(eq(preparing.modelId, versions.modelId), eq(preparing.manifestRoot, versions.manifestRoot)),
    )
    .leftJoin(
      preparations,
      and(eq(preparations.modelId, versions.modelId), eq(preparations.manifestRoot, versions.manifestRoot)),
    )
    .where(
      and(
        isNotNull(versions.metadata),
        or(isNull(versions.keyPoolRoot), and(isForVisitors, isNull(preparations.visitorsCopy))),
        or(isNull(preparing.heardAt), lt(preparing.heardAt, silence)),
      ),
    )
    .orderBy(desc(exists(waiting(db))), versions.registeredAt)
    .limit(candidates)
  for (const { version } of found) {
    const work = await claim(ctx, version)
    if (work) return work
  }
  return null
}

async function claim(
  ctx: Market,
  { modelId, version, manifestRoot, metadata }: typeof versions.$inferSelect,
): Promise<VersionWork | null> {
  if (!metadata) return null
  const { db, env } = ctx
  const made = await preparationRow(ctx, { modelId, manifestRoot })
  const preparation = made?.blob ?? null
  const shares = preparation ? 1 : env.preparationShares
  const share = shares > 1 ? await claimShare(ctx, { modelId, manifestRoot }, shares) : 'all'
  if (share === 'none') return null
  const claim = share === 'all' ? randomUUID() : share.claim
  if (share === 'all')
    await db
      .insert(preparing)
      .values({ modelId, manifestRoot, claim })
      .onConflictDoUpdate({
        target: [preparing.modelId, preparing.manifestRoot],
        set: { heardAt: sql`now()`, done: 0, claim },
      })
  return {
    claim,
    modelId,
    version,
    manifestRoot,
    files: metadata.files,
    secret: bytesToHex(versionSecret(ctx, { modelId, manifestRoot })),
    keys: env.fingerprintKeys,
    preparation,
    visitors: metadata.playground === true && !made?.visitorsCopy,
    shares,
    share: share === 'all' ? null : share.part,
  }
}

/**
 * Keeps the claim, and stores the progress, the preparation and the visitors' copy. Throws `minting.lease-over`, also where
 * another key pool came to the chain meanwhile: what is made could mint nothing.
 */
export async function reportPreparing({
  modelId,
  version,
  manifestRoot,
  claim,
  done,
  share,
  preparation,
  visitorsCopy,
}: Preparing): Promise<void> {
  const ctx = await market()
  const id = { modelId, manifestRoot }
  const isHeld = share
    ? await reportShare(ctx, id, { share, claim, done })
    : await reportWhole(ctx, id, { claim, done })
  if (!isHeld || (await isInVain(ctx, modelId, version))) throw new HttpError(409, 'minting.lease-over')
  if (visitorsCopy) await storeVisitorsCopy(ctx, id, visitorsCopy)
  if (!preparation) return
  await storePreparation(ctx, id, preparation)
  await forgetShares(ctx, id)
  await forgetSteps(ctx, id)
}

/** Whether a version has a key pool on the chain that nothing here was prepared for, and needs none for its visitors. */
async function isInVain({ db }: Market, modelId: ModelId, version: number): Promise<boolean> {
  const found = await db
    .select({ modelId: versions.modelId })
    .from(versions)
    .leftJoin(
      preparations,
      and(eq(preparations.modelId, versions.modelId), eq(preparations.manifestRoot, versions.manifestRoot)),
    )
    .where(
      and(
        eq(versions.modelId, modelId),
        eq(versions.version, version),
        isNotNull(versions.keyPoolRoot),
        isNull(preparations.blob),
        sql`(${isForVisitors}) is not true`,
      ),
    )
  return found.length > 0
}

/** False where the claim is over. */
async function reportWhole(
  { db }: Market,
  version: VersionId,
  { claim, done }: Pick<Preparing, 'claim' | 'done'>,
): Promise<boolean> {
  const held = await db
    .update(preparing)
    .set({ done, heardAt: sql`now()` })
    .where(and(isVersion(version), eq(preparing.claim, claim)))
    .returning()
  return held.length > 0
}
