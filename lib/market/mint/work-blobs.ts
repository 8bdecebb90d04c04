import 'server-only'
import { and, eq, gte, isNotNull, isNull, sql } from 'drizzle-orm'
import { preparationShares, preparationSteps, preparing, quotes, versions } from '../../db/schema'
import type { FileEntry } from '../../manifest/manifest'
import type { MinterWork } from '../../minting/blob-link'
import type { Market } from '../context/context'
import { HttpError } from '../http/http-error'
import { claimedListening } from './listenings'
import { preparationRow } from './preparation-row'
import { silence } from './silence'
import type { VersionId } from './version-secret'

export type WorkBlobs = {
  /** The blobs that the work reads. */
  readable: ReadonlySet<string>
  /** Whether the work makes blobs. */
  makes: boolean
}

/** The blobs of a minter’s work. Throws `minting.lease-over` unless the work is still its own. */
export async function blobsOfWork(ctx: Market, work: MinterWork): Promise<WorkBlobs> {
  const listening = work.kind === 'listening' && work.attempt === 0 ? await claimedListening(ctx, work.id) : null
  const version = listening ?? (await versionOf(ctx, work))
  if (!version) throw new HttpError(409, 'minting.lease-over')
  const files = await filesOf(ctx, version)
  const preparation = (await preparationRow(ctx, version))?.blob
  const names = files.map(({ sha256 }) => sha256)
  const steps = work.kind === 'version' ? await blobsOfSteps(ctx, version) : []
  const own = [preparation, listening?.blob].filter((blob) => blob !== undefined)
  return { readable: new Set([...names, ...own, ...steps]), makes: work.kind === 'order' || work.kind === 'version' }
}

/** The files of a version; none where its metadata was not read. */
export async function filesOf(
  { db }: Pick<Market, 'db'>,
  { modelId, manifestRoot }: VersionId,
): Promise<readonly FileEntry[]> {
  const [row] = await db
    .select({ metadata: versions.metadata })
    .from(versions)
    .where(and(eq(versions.modelId, modelId), eq(versions.manifestRoot, manifestRoot)))
    .limit(1)
  return row?.metadata?.files ?? []
}

/** The blobs of all made steps of a version. */
async function blobsOfSteps({ db }: Pick<Market, 'db'>, version: VersionId): Promise<string[]> {
  const { modelId, manifestRoot, blob } = preparationSteps
  const rows = await db
    .select({ blob })
    .from(preparationSteps)
    .where(and(eq(modelId, version.modelId), eq(manifestRoot, version.manifestRoot), isNotNull(blob)))
  return rows.flatMap(({ blob }) => blob ?? [])
}

async function versionOf(ctx: Market, { kind, id, attempt }: MinterWork): Promise<VersionId | null> {
  if (kind === 'order') return (await ctx.queue.leased({ id, attempt }))?.job ?? null
  if (attempt !== 0 || kind === 'listening') return null
  return kind === 'version' ? claimedVersion(ctx, id) : quotedVersion(ctx, id)
}

/** The version on which a minter has this claim, or on a share of which; null where it was silent. */
export async function claimedVersion({ db }: Pick<Market, 'db'>, claim: string): Promise<VersionId | null> {
  for (const table of [preparing, preparationShares]) {
    const [row] = await db
      .select({ modelId: table.modelId, manifestRoot: table.manifestRoot })
      .from(table)
      .where(and(eq(table.claim, claim), gte(table.heardAt, silence)))
    if (row) return row
  }
  return null
}

async function quotedVersion({ db }: Market, id: string): Promise<VersionId | null> {
  const [row] = await db
    .select({ modelId: versions.modelId, manifestRoot: versions.manifestRoot })
    .from(quotes)
    .innerJoin(versions, and(eq(versions.modelId, quotes.modelId), eq(versions.version, quotes.version)))
    .where(
      and(
        eq(quotes.id, id),
        isNull(quotes.signed),
        isNull(quotes.failure),
        sql`${quotes.createdAt} > now() - interval '1 day'`,
      ),
    )
  return row ?? null
}
