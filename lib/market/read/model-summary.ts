import 'server-only'
import { and, eq, getTableColumns, isNotNull, sql } from 'drizzle-orm'
import type { ModelId } from '../../chain/ids'
import type { Obligations } from '../../chain/obligations'
import { licenceFromChain, type Terms, termsFromChain } from '../../chain/terms'
import { listings, models, versions } from '../../db/schema'
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

export function summaryOf({ model, listing }: Shown): ModelSummary {
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
    obligations: obligationsOf(model, listing.lineage),
    copiesSold: model.copiesSold,
    earned: model.earned,
    parents: listing.parents,
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
      .where(sql`${listings.modelId} = any(${sql.placeholder('ids')}::text[])`)
      .prepare(name),
  )
  const rows = wanted.length > 0 ? await query.execute({ ids: wanted }) : []
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  return (id) => names.get(id) ?? `Model ${id}`
}
