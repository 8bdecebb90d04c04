import 'server-only'
import { and, asc, eq, getTableColumns, isNotNull, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { ModelId } from '../../chain/ids'
import type { Obligations } from '../../chain/obligations'
import { licenceFromChain, type Terms, termsFromChain } from '../../chain/terms'
import { ancestors, edges, listings, models, versions } from '../../db/schema'
import type { Metadata } from '../../manifest/metadata'
import type { Ancestor } from '../../money/split'
import type { Market } from '../context/context'
import { prepared } from './prepared'
import type { ModelSummary } from './views'

type ModelRow = typeof models.$inferSelect
type Listing = Omit<typeof listings.$inferSelect, 'search'>

const { shares, registeredTx, version, termsHash, income, trend, ...shownOfModel } = getTableColumns(models)
const { modelId, version: _version, search, ...shownOfListing } = getTableColumns(listings)
/** The columns that a list shows. */
export const shown = { model: shownOfModel, listing: shownOfListing }
type Shown = { model: Pick<ModelRow, keyof typeof shownOfModel>; listing: Pick<Listing, keyof typeof shownOfListing> }
type Described = { model: ModelRow; listing: Listing; version: typeof versions.$inferSelect; metadata: Metadata }

/** A model whose newest version is listed, with all of that version’s metadata; null where there is none. */
export async function describedModel({ db }: Pick<Market, 'db'>, id: ModelId): Promise<Described | null> {
  const { search: _, ...listing } = getTableColumns(listings)
  const query = prepared(db, 'described_model', (name) =>
    db
      .select({ model: models, version: versions, listing })
      .from(models)
      .innerJoin(versions, and(eq(versions.modelId, models.id), eq(versions.version, models.version)))
      .innerJoin(listings, and(eq(listings.modelId, models.id), eq(listings.version, models.version)))
      .where(and(isNotNull(versions.metadata), eq(models.id, sql.placeholder('id'))))
      .prepare(name),
  )
  const [found] = await query.execute({ id })
  return found?.version.metadata ? { ...found, metadata: found.version.metadata } : null
}

/** Of `ids`, which are one parameter. */
const isOneOf = (column: PgColumn) => sql`${column} = any(${sql.placeholder('ids')}::text[])`

export async function parentsOf({ db }: Pick<Market, 'db'>, ids: ModelId[]): Promise<Map<ModelId, ModelId[]>> {
  const parents = new Map<ModelId, ModelId[]>(ids.map((id) => [id, []]))
  if (ids.length === 0) return parents
  const query = prepared(db, 'parents', (name) =>
    db.select().from(edges).where(isOneOf(edges.child)).orderBy(asc(edges.position)).prepare(name),
  )
  const rows = await query.execute({ ids })
  for (const { child, parent } of rows) parents.get(child)?.push(parent)
  return parents
}

/** The ancestors that earn from each model. */
export async function lineagesOf(
  { db }: Pick<Market, 'db'>,
  ids: ModelId[],
): Promise<Map<ModelId, Ancestor<ModelId>[]>> {
  const lineages = new Map<ModelId, Ancestor<ModelId>[]>(ids.map((id) => [id, []]))
  if (ids.length === 0) return lineages
  const query = prepared(db, 'lineages', (name) =>
    db.select().from(ancestors).where(isOneOf(ancestors.modelId)).orderBy(asc(ancestors.position)).prepare(name),
  )
  const rows = await query.execute({ ids })
  for (const { modelId, ancestor, royaltyBps } of rows) lineages.get(modelId)?.push({ id: ancestor, royaltyBps })
  return lineages
}

type Family = { parents: ModelId[]; lineage: Ancestor<ModelId>[] }

export function summaryOf({ model, listing }: Shown, { parents, lineage }: Family): ModelSummary {
  return {
    id: model.id,
    name: listing.name,
    summary: listing.summary,
    creator: model.creator,
    majority: model.majority,
    task: listing.task,
    licence: listing.licence,
    tags: listing.tags,
    family: listing.family,
    parameters: listing.parameters,
    sizeBytes: listing.sizeBytes,
    terms: termsOf(model),
    obligations: obligationsOf(model, lineage),
    copiesSold: model.copiesSold,
    earned: model.earned,
    parents,
    registeredAt: model.registeredAt,
    retired: model.retired,
  }
}

function termsOf({ price, collateral, fee, royaltyBps, floorBps, leakBps, licence }: Shown['model']): Terms {
  return termsFromChain({ price, collateral, fee, royaltyBps, floorBps, leakBps, licence })
}

function obligationsOf(model: Shown['model'], lineage: Ancestor<ModelId>[]): Obligations {
  const { floorPrice: price, floorCollateral: collateral, floorFee: fee, floorLeakBps: leakBps, allowedLicence } = model
  return { lineage, floors: { price, collateral, fee, leakBps }, licence: licenceFromChain(allowedLicence) }
}

/** Model names by id; a model that is not listed is named by its number. */
export async function namesOf({ db }: Pick<Market, 'db'>, ids: ModelId[]): Promise<(id: ModelId) => string> {
  const wanted = [...new Set(ids)]
  const query = prepared(db, 'names', (name) =>
    db
      .select({ id: listings.modelId, name: listings.name })
      .from(listings)
      .where(isOneOf(listings.modelId))
      .prepare(name),
  )
  const rows = wanted.length > 0 ? await query.execute({ ids: wanted }) : []
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  return (id) => names.get(id) ?? `Model ${id}`
}
