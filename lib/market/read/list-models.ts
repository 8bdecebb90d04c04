import 'server-only'
import { and, asc, count, desc, eq, getTableColumns, ne, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { listings, models } from '../../db/schema'
import { type Market, market } from '../context/context'
import { HttpError } from '../http/http-error'
import { cached } from './cached'
import { type Place, readCursor, writeCursor } from './cursor'
import { lineagesOf, parentsOf, summaryOf } from './model-summary'
import { searchTerms } from './search-words'
import type { Facet, Facets, ModelList, ModelQuery, ModelSort } from './views'

const pageSize = 24
const facetSeconds = 10
/** Counts of a search stop here: they say how to narrow it, not how much there is. */
const countedMatches = 1_000
const facetValues = 30
const mostNamed = 5
const fewModels = 500
const narrowSeconds = 5
const mostSimilar = 200

/** Each order with the column that an index has sorted. */
const orders: Record<ModelSort, { column: PgColumn; type: SQL; up: boolean; value: RegExp }> = {
  trending: {
    column: models.trend,
    type: sql`double precision`,
    up: false,
    value: /^-?\d{1,20}(\.\d{1,30})?(e[+-]?\d{1,3})?$/,
  },
  new: { column: models.registeredAt, type: sql`bigint`, up: false, value: /^\d{1,15}$/ },
  earned: { column: models.earned, type: sql`numeric`, up: false, value: /^\d{1,78}$/ },
  price: { column: models.price, type: sql`numeric`, up: true, value: /^\d{1,78}$/ },
  size: { column: listings.sizeBytes, type: sql`bigint`, up: true, value: /^\d{1,18}$/ },
}

/**
 * Models on sale that match the query, a page at a time. A search finds words by their beginning and English ones by their
 * stem, those of the name, the tags and the summary; models of exactly this name come first. Where nothing has these
 * words, names that are written alike are found. Those who ask the same meanwhile get one answer. Throws
 * `market.cursor-invalid`.
 */
export function listModels(query: ModelQuery): Promise<ModelList> {
  const key = JSON.stringify(Object.entries(query).sort())
  const known = reading.get(key)
  if (known) return known
  const list = readModels(query).finally(() => reading.delete(key))
  reading.set(key, list)
  return list
}

/** Lists that are being read. */
const reading = new Map<string, Promise<ModelList>>()

async function readModels(query: ModelQuery): Promise<ModelList> {
  const ctx = await market()
  const { sort = 'trending', limit = pageSize, search } = query
  const order = orders[sort]
  const place = query.cursor ? readCursor(query.cursor, order.value) : null
  const terms = search ? searchTerms(search) : null
  if (search && !terms) return { models: [], next: null, similar: false }
  const narrowed = await narrowing(ctx, query, terms)
  const named =
    search && !place ? await select(ctx, [...filtersOf(query), isNamed(search)], order, null, mostNamed) : []
  const others = search ? ne(lowerName, search.toLowerCase()) : undefined
  const rows =
    narrowed === 'nothing' ? [] : await select(ctx, [...modelFilters(query), narrowed, others], order, place, limit + 1)
  const page = rows.slice(0, limit)
  if (search && named.length + page.length === 0 && !place) return similarTo(ctx, query, search, limit)
  const last = page.at(-1)
  const next = rows.length > limit && last ? writeCursor({ value: last.place, id: last.model.id }) : null
  return { models: await summaries(ctx, [...named, ...page]), next, similar: false }
}

/** The same for a page, whose address anybody may have written: a cursor that is none of ours begins at the start. */
export async function listModelsFrom(query: ModelQuery): Promise<ModelList> {
  try {
    return await listModels(query)
  } catch (error) {
    if (error instanceof HttpError && error.code === 'market.cursor-invalid')
      return listModels({ ...query, cursor: undefined })
    throw error
  }
}

const lowerName = sql<string>`lower(${listings.name})`
const isNamed = (search: string) => eq(lowerName, search.toLowerCase())

function matches({ prefixes, stems }: { prefixes: string; stems: string }): SQL {
  return sql`${listings.search} @@ (to_tsquery('simple', ${prefixes}) || to_tsquery('english', ${stems}))`
}

const filtersOf = (query: ModelQuery) => [...modelFilters(query), ...listingFilters(query)]

function modelFilters({ majority }: ModelQuery): (SQL | undefined)[] {
  return [sql`not ${models.retired}`, majority === undefined ? undefined : eq(models.majority, majority)]
}

function listingFilters({ licence, family, task }: ModelQuery): (SQL | undefined)[] {
  return [
    licence === undefined ? undefined : eq(listings.licence, licence),
    family === undefined ? undefined : eq(listings.family, family),
    task === undefined ? undefined : eq(listings.task, task),
  ]
}

/**
 * The condition that finds what the query narrows the list to. Of few models, their ids, so that no order is walked to its
 * end in vain, or `nothing`; of many, the narrowing itself, which an order soon meets.
 */
async function narrowing({ db }: Market, query: ModelQuery, terms: Terms | null): Promise<SQL | 'nothing' | undefined> {
  const { family, licence, task } = query
  const conditions = and(...listingFilters(query), terms ? matches(terms) : undefined)
  if (!conditions) return undefined
  const ids = await cached(
    JSON.stringify(['narrow', terms?.prefixes, family, licence, task]),
    narrowSeconds,
    async () => {
      const found = await db.select({ id: listings.modelId }).from(listings).where(conditions).limit(fewModels)
      return found.length < fewModels ? found.map(({ id }) => id) : null
    },
  )
  if (ids?.length === 0) return 'nothing'
  return ids === null ? conditions : sql`${models.id} = any(${sql.param(ids)}::text[])`
}

type Conditions = (SQL | null | undefined)[]
type Order = (typeof orders)[ModelSort]

/** With their place in the order, as the database writes it: a number of JavaScript could round it. */
function select({ db }: Pick<Market, 'db'>, conditions: Conditions, order: Order, place: Place | null, limit: number) {
  const idColumn = order.column === listings.sizeBytes ? listings.modelId : models.id
  const direction = order.up ? asc : desc
  const after =
    place &&
    sql`(${order.column}, ${idColumn}) ${order.up ? sql`>` : sql`<`} (${place.value}::${order.type}, ${place.id})`
  return db
    .select({ model: models, listing: shown, place: sql<string>`${order.column}::text` })
    .from(models)
    .innerJoin(listings, and(eq(listings.modelId, models.id), eq(listings.version, models.version)))
    .where(and(...conditions.map((condition) => condition ?? undefined), after ?? undefined))
    .orderBy(direction(order.column), direction(idColumn))
    .limit(limit)
}

/** What lists show; the words that are searched are long. */
const { search: _search, ...shown } = getTableColumns(listings)

type Row = Awaited<ReturnType<typeof select>>[number]

async function summaries(ctx: Market, rows: Row[]) {
  const ids = rows.map(({ model }) => model.id)
  const [parents, lineages] = await Promise.all([parentsOf(ctx, ids), lineagesOf(ctx, ids)])
  return rows.map(({ model, listing }) =>
    summaryOf({ model, listing }, { parents: parents.get(model.id) ?? [], lineage: lineages.get(model.id) ?? [] }),
  )
}

/**
 * Models whose names are written like the search, the closest first: for typing errors. A word that very many names have
 * is judged by some of them.
 */
async function similarTo(ctx: Market, query: ModelQuery, search: string, limit: number): Promise<ModelList> {
  const word = search.toLowerCase().slice(0, 100)
  const alike = ctx.db
    .select({ id: listings.modelId, similarity: sql<number>`word_similarity(${word}, ${lowerName})`.as('similarity') })
    .from(listings)
    .where(sql`${word} <% ${lowerName}`)
    .limit(mostSimilar)
    .as('alike')
  const rows = await ctx.db
    .select({ model: models, listing: shown, place: sql<string>`''` })
    .from(alike)
    .innerJoin(models, eq(models.id, alike.id))
    .innerJoin(listings, and(eq(listings.modelId, models.id), eq(listings.version, models.version)))
    .where(and(...filtersOf(query)))
    .orderBy(desc(alike.similarity), desc(models.trend))
    .limit(limit)
  return { models: await summaries(ctx, rows), next: null, similar: rows.length > 0 }
}

/** Families, licences and tasks of what a search finds, with how many models have each, at most ten seconds old. */
export async function facetsOf(search?: string): Promise<Facets> {
  const ctx = await market()
  const terms = search ? searchTerms(search) : null
  if (search && !terms) return { families: [], licences: [], tasks: [], more: false }
  return cached(`facets ${terms?.prefixes ?? ''}`, facetSeconds, async () => {
    const { families, licences, tasks } = await countsOf(ctx, terms)
    const counted = families.reduce((sum, { models }) => sum + models, 0)
    return { families, licences, tasks, more: terms !== null && counted >= countedMatches }
  })
}

type Terms = NonNullable<ReturnType<typeof searchTerms>>

/** All three are counted in one pass. */
async function countsOf({ db }: Market, terms: Terms | null): Promise<Omit<Facets, 'more'>> {
  const { family, licence, task } = listings
  const found = db
    .select({ family, licence, task })
    .from(listings)
    .where(terms ? matches(terms) : undefined)
    .$dynamic()
  const some = (terms ? found.limit(countedMatches) : found).as('found')
  const sets = sql`grouping sets ((${some.family}), (${some.licence}), (${some.task}))`
  const rows = await db
    .select({
      facet: sql<number>`grouping(${some.family}, ${some.licence}, ${some.task})`.mapWith(Number),
      value: sql<string | null>`coalesce(${some.family}, ${some.licence}, ${some.task})`,
      models: count(),
    })
    .from(some)
    .groupBy(sets)
  const facetOf = (own: number): Facet[] =>
    rows
      .flatMap(({ facet, value, models }) => (facet === own && value ? [{ value, models }] : []))
      .sort((a, b) => b.models - a.models || (a.value < b.value ? -1 : 1))
      .slice(0, facetValues)
  return { families: facetOf(0b011), licences: facetOf(0b101), tasks: facetOf(0b110) }
}
