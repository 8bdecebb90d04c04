import 'server-only'
import { and, asc, eq, inArray, isNotNull } from 'drizzle-orm'
import type { ModelId } from '../../chain/ids'
import type { Obligations } from '../../chain/obligations'
import { licenceFromChain, type Terms, termsFromChain } from '../../chain/terms'
import { ancestors, edges, models, versions } from '../../db/schema'
import type { Metadata } from '../../manifest/metadata'
import type { Ancestor } from '../../money/split'
import type { Market } from '../context/context'
import type { ModelSummary } from './views'

type ModelRow = typeof models.$inferSelect
type Described = { model: ModelRow; version: typeof versions.$inferSelect; metadata: Metadata }

/** Models whose newest version has metadata, with that version: all of them, or those in `ids`. */
export async function describedModels({ db }: Pick<Market, 'db'>, ids?: ModelId[]): Promise<Described[]> {
  if (ids?.length === 0) return []
  const rows = await db
    .select({ model: models, version: versions })
    .from(models)
    .innerJoin(versions, and(eq(versions.modelId, models.id), eq(versions.version, models.version)))
    .where(and(isNotNull(versions.metadata), ids ? inArray(models.id, ids) : undefined))
  return rows.flatMap(({ model, version }) =>
    version.metadata ? [{ model, version, metadata: version.metadata }] : [],
  )
}

export async function parentsOf({ db }: Pick<Market, 'db'>, ids: ModelId[]): Promise<Map<ModelId, ModelId[]>> {
  const parents = new Map<ModelId, ModelId[]>(ids.map((id) => [id, []]))
  if (ids.length === 0) return parents
  const rows = await db.select().from(edges).where(inArray(edges.child, ids)).orderBy(asc(edges.position))
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
  const rows = await db.select().from(ancestors).where(inArray(ancestors.modelId, ids)).orderBy(asc(ancestors.position))
  for (const { modelId, ancestor, royaltyBps } of rows) lineages.get(modelId)?.push({ id: ancestor, royaltyBps })
  return lineages
}

type Family = { parents: ModelId[]; lineage: Ancestor<ModelId>[] }

export function summaryOf({ model, metadata }: Described, { parents, lineage }: Family): ModelSummary {
  return {
    id: model.id,
    name: metadata.name,
    summary: metadata.summary,
    creator: model.creator,
    majority: model.majority,
    task: metadata.task,
    licence: metadata.licence,
    tags: metadata.tags,
    family: metadata.family,
    parameters: metadata.parameters,
    sizeBytes: metadata.files.reduce((sum, { size }) => sum + size, 0),
    terms: termsOf(model),
    obligations: obligationsOf(model, lineage),
    copiesSold: model.copiesSold,
    earned: model.earned,
    parents,
    registeredAt: model.registeredAt,
    retired: model.retired,
  }
}

function termsOf({ price, collateral, fee, royaltyBps, floorBps, leakBps, licence }: ModelRow): Terms {
  return termsFromChain({ price, collateral, fee, royaltyBps, floorBps, leakBps, licence })
}

function obligationsOf(model: ModelRow, lineage: Ancestor<ModelId>[]): Obligations {
  const { floorPrice: price, floorCollateral: collateral, floorFee: fee, floorLeakBps: leakBps, allowedLicence } = model
  return { lineage, floors: { price, collateral, fee, leakBps }, licence: licenceFromChain(allowedLicence) }
}

/** Model names by id; a model without metadata is named by its number. */
export async function namesOf(market: Pick<Market, 'db'>, ids: ModelId[]): Promise<(id: ModelId) => string> {
  const described = await describedModels(market, [...new Set(ids)])
  const names = new Map(described.map(({ model, metadata }) => [model.id, metadata.name]))
  return (id) => names.get(id) ?? `Model ${id}`
}
