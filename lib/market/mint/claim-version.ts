import 'server-only'
import { and, desc, eq, exists, isNotNull, isNull, lt, or, sql } from 'drizzle-orm'
import { bytesToHex } from 'viem'
import type { Db } from '../../db/open'
import { namedMinters, preparing, quotes, versions } from '../../db/schema'
import type { Preparing, VersionWork } from '../../minting/version-work'
import { market } from '../context/context'
import { HttpError } from '../http/http-error'
import { preparationBlob } from './preparation-blob'
import { storePreparation } from './store-preparation'
import { type VersionId, versionSecret } from './version-secret'

/** A claim ends when its minter was silent for this long. */
const silence = sql`now() - interval '30 seconds'`

const isVersion = ({ modelId, manifestRoot }: VersionId) =>
  and(eq(preparing.modelId, modelId), eq(preparing.manifestRoot, manifestRoot))

/** Requests for quotes of the version that a query looks at. */
const waiting = (db: Db) =>
  db
    .select()
    .from(quotes)
    .where(and(eq(quotes.modelId, versions.modelId), eq(quotes.version, versions.version), isNull(quotes.signed)))

/**
 * Claims the next version that our minter may mint and whose key pool is not on the chain: those that buyers wait for
 * first, then the oldest. Null if there is none.
 */
export async function claimVersion(): Promise<VersionWork | null> {
  const ctx = await market()
  const { db, deployment, env } = ctx
  const [found] = await db
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
    .where(
      and(
        isNotNull(versions.metadata),
        isNull(versions.keyPoolRoot),
        or(isNull(preparing.heardAt), lt(preparing.heardAt, silence)),
      ),
    )
    .orderBy(desc(exists(waiting(db))), versions.registeredAt)
    .limit(1)
  if (!found?.version.metadata) return null
  const { modelId, version, manifestRoot, metadata } = found.version
  await db
    .insert(preparing)
    .values({ modelId, manifestRoot })
    .onConflictDoUpdate({ target: [preparing.modelId, preparing.manifestRoot], set: { heardAt: sql`now()`, done: 0 } })
  return {
    modelId,
    version,
    manifestRoot,
    files: metadata.files,
    secret: bytesToHex(versionSecret(ctx, { modelId, manifestRoot })),
    keys: env.fingerprintKeys,
    preparation: await preparationBlob(ctx, { modelId, manifestRoot }),
  }
}

/** Keeps the claim, and stores the progress and the preparation. */
export async function reportPreparing({ modelId, manifestRoot, done, preparation }: Preparing): Promise<void> {
  const ctx = await market()
  const version = { modelId, manifestRoot }
  const held = await ctx.db.update(preparing).set({ done, heardAt: sql`now()` }).where(isVersion(version)).returning()
  if (held.length === 0) throw new HttpError(409, 'minting.lease-over')
  if (preparation) await storePreparation(ctx, version, preparation)
}
