import 'server-only'
import { and, eq, isNull, sql } from 'drizzle-orm'
import { toHex } from 'viem'
import type { ModelId } from '../../chain/ids'
import { ancestors, edges, listings, models, versions } from '../../db/schema'
import { manifestTree } from '../../manifest/manifest'
import { hashOfUri, longestText, type Metadata, parseMetadata, readText } from '../../manifest/metadata'
import type { Ancestor } from '../../money/split'
import type { Market } from '../context/context'
import { searchable } from '../read/search-words'
import { blobsOwnedBy } from './blob-ownership'
import { inTurn } from './in-turn'

/**
 * Reads the metadata of new versions. A version stays without metadata, and is neither listed nor minted, while its
 * metadata or files are not stored here, were not uploaded by its publisher, or do not have its manifest root.
 */
export async function ingestMetadata(ctx: Pick<Market, 'db' | 'blobs'>): Promise<void> {
  const { modelId, version, uri, publisher, manifestRoot } = versions
  const unread = await ctx.db
    .select({ modelId, version, uri, publisher, manifestRoot })
    .from(versions)
    .where(isNull(versions.metadata))
  await inTurn(ctx, unread, async (row) => {
    const metadata = await metadataOf(ctx, row)
    if (metadata)
      await ctx.db
        .update(versions)
        .set({ metadata })
        .where(and(eq(versions.modelId, row.modelId), eq(versions.version, row.version)))
    return metadata !== null
  })
}

type Unread = Pick<typeof versions.$inferSelect, 'modelId' | 'version' | 'uri' | 'publisher' | 'manifestRoot'>

/** The metadata that a version’s URI names; null where it cannot be read or does not belong to the version. */
async function metadataOf({ db, blobs }: Pick<Market, 'db' | 'blobs'>, version: Unread): Promise<Metadata | null> {
  const { uri, publisher, manifestRoot } = version
  const hash = hashOfUri(uri)
  const isOwn = async (hashes: string[]) => {
    const owned = await blobsOwnedBy({ db }, publisher, hashes)
    return hashes.every((needed) => owned.has(needed))
  }
  // Before a byte is read: anybody can name any blob, however large.
  if (!hash || !(await isOwn([hash]))) return null
  const size = await blobs.size(hash)
  if (size === null || size > longestText) return null
  const metadata = parseMetadata(await readText(blobs.read(hash)))
  if (!metadata || toHex(manifestTree(metadata.files).root) !== manifestRoot) return null
  return (await isOwn(metadata.files.map((file) => file.sha256))) ? metadata : null
}

/**
 * Lists the newest versions that have metadata and are not listed: those that were just read, and those that are the newest
 * again since a roll-back of the chain.
 */
export async function listDescribed(ctx: Pick<Market, 'db'>): Promise<void> {
  const described = await ctx.db
    .select({
      modelId: versions.modelId,
      version: versions.version,
      uri: versions.uri,
      metadata: versions.metadata,
      creator: models.creator,
      parents: parentsOfModel,
      lineage: lineageOfModel,
    })
    .from(models)
    .innerJoin(versions, and(eq(versions.modelId, models.id), eq(versions.version, models.version)))
    .leftJoin(listings, and(eq(listings.modelId, models.id), eq(listings.version, models.version)))
    .where(and(isNull(listings.modelId), sql`${versions.metadata} is not null`))
  await inTurn(ctx, described, async ({ metadata, creator, uri, ...own }) => {
    if (metadata) await list(ctx, { ...listingOf(metadata), ...own }, creator)
    return true
  })
}

const parentsOfModel = sql<
  ModelId[]
>`array(select ${edges.parent} from ${edges} where ${edges.child} = ${models.id} order by ${edges.position})`
const lineageOfModel = sql<
  Ancestor<ModelId>[]
>`(select coalesce(json_agg(json_build_object('id', ${ancestors.ancestor}, 'royaltyBps', ${ancestors.royaltyBps}) order by ${ancestors.position}), '[]')
  from ${ancestors} where ${ancestors.modelId} = ${models.id})`

type Listing = Omit<typeof listings.$inferInsert, 'search'>

async function list({ db }: Pick<Market, 'db'>, listing: Listing, creator: string): Promise<void> {
  const { name, tags, summary } = listing
  const words = (text: string, weight: string) =>
    sql`setweight(to_tsvector('simple', ${searchable(text)}) || to_tsvector('english', ${text}), ${sql.raw(`'${weight}'`)})`
  const search = sql`${words(name, 'A')} || ${words(tags.join(' '), 'B')} || ${words(`${summary} ${creator}`, 'C')}`
  const row = { ...listing, search }
  await db
    .insert(listings)
    .values(row as never)
    .onConflictDoUpdate({ target: listings.modelId, set: row as never })
}

/** What lists show of a version, from its metadata. */
function listingOf({ name, summary, task, licence, tags, family, parameters, files }: Metadata) {
  const sizeBytes = files.reduce((sum, { size }) => sum + size, 0)
  return { name, summary, task, licence, tags, family, parameters, sizeBytes }
}
