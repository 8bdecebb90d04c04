import 'server-only'
import { and, asc, desc, eq, notInArray, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { ModelId } from '../../chain/ids'
import { listings, models } from '../../db/schema'
import { type Market, market } from '../context/context'
import { HttpError } from '../http/http-error'
import { type Place, readCursor, writeCursor } from './cursor'
import { type Found, findModels, listingFilters, lowerName, someWith } from './find-models'
import { shown, summaryOf } from './model-summary'
import { prepared } from './prepared'
import { type Term, termsOf } from './search-terms'
import { searchWords } from './search-words'
import type { ModelList, ModelQuery, ModelSort } from './views'

const pageSize = 24
const mostAlike = 200
const mostLeftOut = 3
/** Shorter words have no three letters in common with others. */
const shortestMistyped = 3

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
 * stem, those of the name, the tags and the summary; models of exactly this name come first. Where nothing has all of the
 * words, what comes closest is found. Those who ask the same meanwhile get one answer. Throws
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
  const place = query.cursor ? readCursor(query.cursor, orders[sort].value) : null
  const terms = search === undefined ? null : await termsOf(ctx.db, searchWords(search))
  if (terms?.length === 0) return { models: [], next: null, similar: false }
  const found = await findModels(ctx, query, terms)
  const first = place ? [] : found.named
  const rows = await readPage(ctx, query, { ...found, named: first }, { sort, place, limit: limit + first.length + 1 })
  const isFirst = new Set<ModelId>(first)
  const named = rows.filter(({ model }) => isFirst.has(model.id))
  const others = rows.filter(({ model }) => !isFirst.has(model.id))
  const page = others.slice(0, limit)
  if (search && terms && named.length + page.length === 0 && !place) return closestTo(ctx, { ...query, search }, terms)
  const last = page.at(-1)
  const next = others.length > limit && last ? writeCursor({ value: last.place, id: last.model.id }) : null
  return { models: [...named, ...page].map(summaryOf), next, similar: false }
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

const filtersOf = (query: ModelQuery) => [...modelFilters(query), ...listingFilters(query)]

function modelFilters({ majority }: ModelQuery): (SQL | undefined)[] {
  return [sql`not ${models.retired}`, majority === undefined ? undefined : eq(models.majority, majority)]
}

type Page = { sort: ModelSort; place: Place | null; limit: number }

/** With their place in the order, as the database writes it: a number of JavaScript could round it. */
const shownOf = ({ column }: Order) => ({
  ...shown,
  place: sql<string>`${column}::text`,
})

type Order = (typeof orders)[ModelSort]
const isNewest = and(eq(listings.modelId, models.id), eq(listings.version, models.version))

async function readPage(ctx: Market, query: ModelQuery, found: Found, page: Page): Promise<Row[]> {
  const { named, ids, condition } = found
  if (ids) return ids.length + named.length === 0 ? [] : readFew(ctx, query, [...named, ...ids], named, page)
  const others = and(condition, named.length > 0 ? notInArray(models.id, named) : undefined)
  const [first, rest] = await Promise.all([
    named.length > 0 ? readFew(ctx, query, named, named, page) : [],
    walk(ctx, query, others, page),
  ])
  return [...first, ...rest]
}

/** Models among these ids, the `first` ones before the others, by a statement that is planned once for each order. */
function readFew({ db }: Market, { majority }: ModelQuery, ids: ModelId[], first: ModelId[], page: Page) {
  const { sort, place, limit } = page
  const order = orders[sort]
  const select = (after: SQL | undefined, of: { ids: unknown; first: unknown; limit: unknown }) =>
    db
      .select(shownOf(order))
      .from(models)
      .innerJoin(listings, isNewest)
      .where(and(sql`${models.id} = any(${of.ids}::text[])`, ...modelFilters({ majority }), after))
      .orderBy(sql`${models.id} = any(${of.first}::text[]) desc`, ...sorted(order))
      .limit(of.limit as number)
  if (place || majority !== undefined)
    return select(place ? behind(order, place) : undefined, { ids: sql.param(ids), first: sql.param(first), limit })
  const placeholders = { ids: sql.placeholder('ids'), first: sql.placeholder('first'), limit: sql.placeholder('limit') }
  const query = prepared(db, `few_${sort}`, (name) => select(undefined, placeholders).prepare(name))
  return query.execute({ ids, first, limit })
}

type Row = Awaited<ReturnType<typeof walk>>[number]

/** Models in their order, as far as enough of them meet the condition. */
function walk({ db }: Market, query: ModelQuery, condition: SQL | undefined, { sort, place, limit }: Page) {
  const order = orders[sort]
  return db
    .select(shownOf(order))
    .from(models)
    .innerJoin(listings, isNewest)
    .where(and(...modelFilters(query), condition, place ? behind(order, place) : undefined))
    .orderBy(...sorted(order))
    .limit(limit)
}

const idColumnOf = ({ column }: Order) => (column === listings.sizeBytes ? listings.modelId : models.id)

function sorted(order: Order): SQL[] {
  const direction = order.up ? asc : desc
  return [direction(order.column), direction(idColumnOf(order))]
}

function behind(order: Order, { value, id }: Place): SQL {
  return sql`(${order.column}, ${idColumnOf(order)}) ${order.up ? sql`>` : sql`<`} (${value}::${order.type}, ${id})`
}

/**
 * What comes closest to a search that found nothing: models that have all of its words but one, of which the rarest is left
 * out first; where a word is unknown, those whose names are written alike, for typing errors. An unknown word that is too
 * short for a typing error is left out.
 */
async function closestTo(ctx: Market, query: ModelQuery & { search: string }, terms: Term[]): Promise<ModelList> {
  const { sort = 'trending', limit = pageSize } = query
  for (const rest of closeTo(terms)) {
    const ids = await someWith(ctx, query, rest)
    const rows = ids.length === 0 ? [] : await readFew(ctx, query, ids, [], { sort, place: null, limit })
    if (rows.length > 0) return { models: rows.map(summaryOf), next: null, similar: true }
  }
  return similarTo(ctx, query)
}

/** Searches for fewer words, the closest first. */
function closeTo(terms: Term[]): Term[][] {
  const [known, unknown] = [terms.filter(({ query }) => query), terms.filter(({ query }) => !query)]
  if (known.length === 0 || unknown.some(({ word }) => word.length >= shortestMistyped)) return []
  if (unknown.length > 0) return [known]
  const rarest = known.length > 1 ? known.toSorted((a, b) => a.models - b.models) : []
  return rarest.slice(0, mostLeftOut).map((left) => known.filter((term) => term !== left))
}

/** The most alike first. A word that very many names have is judged by some of them. */
async function similarTo(ctx: Market, query: ModelQuery & { search: string }): Promise<ModelList> {
  const word = query.search.toLowerCase().slice(0, 100)
  const alike = ctx.db
    .select({ id: listings.modelId, similarity: sql<number>`word_similarity(${word}, ${lowerName})`.as('similarity') })
    .from(listings)
    .where(sql`${word} <% ${lowerName}`)
    .limit(mostAlike)
    .as('alike')
  const rows = await ctx.db
    .select(shownOf(orders.trending))
    .from(alike)
    .innerJoin(models, eq(models.id, alike.id))
    .innerJoin(listings, isNewest)
    .where(and(...filtersOf(query)))
    .orderBy(desc(alike.similarity), desc(models.trend))
    .limit(query.limit ?? pageSize)
  return { models: rows.map(summaryOf), next: null, similar: rows.length > 0 }
}
