import 'server-only'
import type { Db } from '../../db/open'

const known = new WeakMap<Db, Map<string, unknown>>()

/**
 * The query that `prepare` builds under this name, once for each database: a hot query is then neither written nor planned
 * anew. Its values are placeholders.
 */
export function prepared<Query>(db: Db, name: string, prepare: (name: string) => Query): Query {
  const own = known.get(db) ?? new Map<string, unknown>()
  known.set(db, own)
  const query = own.get(name) ?? prepare(name)
  own.set(name, query)
  return query as Query
}
