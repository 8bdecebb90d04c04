import 'server-only'
import { count, type SQL, sql } from 'drizzle-orm'
import { listings } from '../../db/schema'
import { type Market, market } from '../context/context'
import { cached, openCache } from './cached'
import { findModels } from './find-models'
import { termsOf } from './search-terms'
import { searchWords } from './search-words'
import type { Facet, Facets } from './views'

const facetSeconds = 10
/** Counts of a search stop here: they say how to narrow it, not how much there is. */
const countedMatches = 1_000
const facetValues = 30

/** Families, licences and tasks of what a search finds, with how many models have each, at most ten seconds old. */
export async function facetsOf(search?: string): Promise<Facets> {
  const ctx = await market()
  if (search === undefined) return cached('facets', facetSeconds, () => countsOf(ctx, undefined))
  const terms = await termsOf(ctx.db, searchWords(search))
  const { ids, named, condition } = await findModels(ctx, { search }, terms)
  if (ids?.length === 0 && named.length === 0) return { families: [], licences: [], tasks: [], more: false }
  const some = ids && sql`${listings.modelId} = any(${sql.param([...named, ...ids])}::text[])`
  const key = search.toLowerCase()
  return counts(key, facetSeconds, () => countsOf(ctx, some ?? condition, countedMatches))
}

const counts = openCache(500)

/** All three are counted in one pass. */
async function countsOf({ db }: Market, condition: SQL | undefined, most?: number): Promise<Facets> {
  const { family, licence, task } = listings
  const found = db.select({ family, licence, task }).from(listings).where(condition).$dynamic()
  const some = (most === undefined ? found : found.limit(most)).as('found')
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
  const families = facetOf(0b011)
  const counted = families.reduce((sum, { models }) => sum + models, 0)
  const more = most !== undefined && counted >= most
  return { families, licences: facetOf(0b101), tasks: facetOf(0b110), more }
}
