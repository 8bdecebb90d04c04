import 'server-only'
import { and, eq, type Placeholder, type SQL, sql } from 'drizzle-orm'
import type { ModelId } from '../../chain/ids'
import type { Db } from '../../db/open'
import { listings } from '../../db/schema'
import type { Market } from '../context/context'
import { openCache } from './cached'
import { prepared } from './prepared'
import { type Matching, matches, matchingAll, type Term } from './search-terms'
import type { ModelQuery } from './views'

const mostNamed = 5
/** Up to so many, it costs less to sort all of them than to walk an order of 100,000. */
const fewModels = 1_500
const narrowSeconds = 5
const closeSeconds = 30
const mostClose = 40

export const lowerName = sql<string>`lower(${listings.name})`
const isNamed = (lower: Value) => eq(lowerName, lower)

/** A value, or the placeholder for it in a prepared query. */
type Value = string | Placeholder
type Filters = { licence?: Value; family?: Value; task?: Value }

export function listingFilters({ licence, family, task }: Filters): (SQL | undefined)[] {
  return [
    licence === undefined ? undefined : eq(listings.licence, licence),
    family === undefined ? undefined : eq(listings.family, family),
    task === undefined ? undefined : eq(listings.task, task),
  ]
}

/** One row, for queries that only have subqueries. */
const nothing = sql`(values (1)) nothing`

/** The index finds them: for a few of many, the planner would rather read the table until it has met as many. */
const idsWhere = (condition: SQL | undefined, limit: number) =>
  sql<ModelId[]>`array(with met as materialized (select ${listings.modelId} as id from ${listings} where ${condition})
    select id from met limit ${sql.raw(`${limit}`)})`

export type Found = {
  /** Models of exactly the name that is searched, some of them; they come first. */
  named: ModelId[]
  /** Of few models their ids, so that no order is walked to its end in vain; null of many, which an order soon meets. */
  ids: ModelId[] | null
  /** The condition that finds them; none where nothing narrows the list. */
  condition: SQL | undefined
}

/** What a query narrows the list to, at most five seconds old. */
export async function findModels(ctx: Market, query: ModelQuery, terms: Term[] | null): Promise<Found> {
  const matching = terms && matchingAll(terms)
  if (terms && !matching) return { named: [], ids: [], condition: undefined }
  const condition = and(...listingFilters(query), matching ? matches(matching) : undefined)
  if (!condition) return { named: [], ids: null, condition }
  const narrowing = narrowingOf(query, matching)
  const { ids, named } = await findings(JSON.stringify(narrowing), narrowSeconds, () => readIds(ctx, narrowing))
  return { ids, named, condition }
}

const findings = openCache(500)

/** The values that narrow a list, each under the name of its placeholder. */
type Narrowing = Partial<Record<'family' | 'licence' | 'task' | 'name' | 'asked' | 'read', string>>

function narrowingOf({ family, licence, task, search }: ModelQuery, matching: Matching | null): Narrowing {
  const all = { family, licence, task, name: search?.toLowerCase(), asked: matching?.asked, read: matching?.read }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== null))
}

type Placeholders = { [Name in keyof Narrowing]: Placeholder }

/** The query that `prepare` builds, once for all lists that are narrowed by values of the same names. */
function preparedFor<Query>(
  db: Db,
  name: string,
  narrowing: Narrowing,
  prepare: (placeholders: Placeholders, name: string) => Query,
): Query {
  const keys = Object.keys(narrowing)
  const placeholders = Object.fromEntries(keys.map((key) => [key, sql.placeholder(key)]))
  return prepared(db, [name, ...keys].join('_'), (full) => prepare(placeholders, full))
}

const conditionOf = ({ asked, read, ...filters }: Placeholders) =>
  and(...listingFilters(filters), asked && matches({ asked, read: read ?? null }))

async function readIds({ db }: Market, narrowing: Narrowing) {
  const query = preparedFor(db, 'found', narrowing, (placeholders, name) => {
    const named = placeholders.name ? and(...listingFilters(placeholders), isNamed(placeholders.name)) : sql`false`
    const ids = { ids: idsWhere(conditionOf(placeholders), fewModels), names: idsWhere(named, mostNamed) }
    return db.select(ids).from(nothing).prepare(name)
  })
  const [{ ids, names }] = await query.execute(narrowing)
  const isNamedSo = new Set(names)
  return { named: names, ids: ids.length < fewModels ? ids.filter((id) => !isNamedSo.has(id)) : null }
}

/** Ids of some models that have these terms. Searches in vain differ in the word that is left out, so ids are kept for a while. */
export async function someWith(ctx: Market, query: ModelQuery, terms: Term[]): Promise<ModelId[]> {
  const matching = matchingAll(terms)
  if (!matching) return []
  const narrowing = narrowingOf({ ...query, search: undefined }, matching)
  return closest(JSON.stringify(narrowing), closeSeconds, () => readSomeIds(ctx, narrowing))
}

const closest = openCache(2_000)

async function readSomeIds({ db }: Market, narrowing: Narrowing): Promise<ModelId[]> {
  const query = preparedFor(db, 'close', narrowing, (placeholders, name) =>
    db
      .select({ ids: idsWhere(conditionOf(placeholders), mostClose) })
      .from(nothing)
      .prepare(name),
  )
  const [{ ids }] = await query.execute(narrowing)
  return ids
}
