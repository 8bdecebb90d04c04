import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { generate } from '../../../bench/market/generate'
import { newPostgresDatabase } from '../../../test/database'
import { postgresPrograms } from '../../../test/postgres'
import { type Database, openDatabase } from '../../db/open'
import { answersOf } from './answers'

/**
 * A part of a plan, as `explain (analyze, buffers, format json)` writes it. Rows are means of all loops; blocks are sums,
 * with those of the plans below.
 */
type PlanNode = {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
  'Shared Hit Blocks': number
  'Shared Read Blocks': number
  Plans?: PlanNode[]
}

/** `rows`: those that the scan returned and those that it read in vain. `pages`: of the table and the index. */
type Scan = { type: string; table?: string; index?: string; rows: number; pages: number }

const sizes = { models: 20_000, copies: 60_000, lines: 200_000, descendants: 2_000 }
/** Postgres may read a table whole that has fewer rows. */
const largeRows = 10_000
/** Most rows that one scan may read: an eighth of the smallest large table. */
const mostRows = 2_500
/** A row costs three pages of an index and its own. A scan with many more searches an index from end to end. */
const mostPages = (rows: number) => 100 + 4 * rows

/**
 * Postgres chooses a plan by a random sample of the rows, so one index may stand for another. What a plan reads tells a
 * lost index all the same, long before anybody waits for it.
 */
describe.skipIf(!postgresPrograms())('how Postgres reads a large market', () => {
  let database: Database
  let asked: { text: string; values: unknown[] }[] = []
  let large = new Set<string>()

  beforeAll(async () => {
    database = await openDatabase({ folder: '', url: await newPostgresDatabase() })
    await generate(database.db, sizes)
    const { rows } = await pool().query(`select relname from pg_class where relkind = 'r' and reltuples > ${largeRows}`)
    large = new Set(rows.map(({ relname }) => relname))
    const query = pool().query.bind(pool()) as (...given: unknown[]) => unknown
    pool().query = ((...given: [{ text: string }, unknown[]]) => {
      asked.push({ text: given[0].text, values: given[1] })
      return query(...given)
    }) as never
    Object.assign(globalThis, { kinmark: Promise.resolve({ db: database.db }) })
  })
  afterAll(() => database?.close())

  function pool() {
    if (!('pool' in database.engine)) throw new Error('These are plans of Postgres.')
    return database.engine.pool
  }

  /** What the queries of an answer scan. */
  async function scans(answer: () => Promise<unknown>): Promise<Scan[]> {
    asked = []
    await answer()
    const found: Scan[] = []
    const client = await pool().connect()
    for (const { text, values } of asked) {
      const { rows } = await client.query(`explain (analyze, buffers, timing off, format json) ${text}`, values)
      found.push(...scansOf(rows[0]['QUERY PLAN'][0].Plan))
    }
    client.release()
    return found
  }

  /** The scans that read much of a large table. */
  async function excesses(answer: () => Promise<unknown>): Promise<Scan[]> {
    const found = await scans(answer)
    expect(found).not.toEqual([])
    return found.filter(
      ({ type, table = '', rows, pages }) =>
        rows > mostRows || pages > mostPages(rows) || (type === 'Seq Scan' && large.has(table)),
    )
  }

  const paging = { limit: 25 }
  const list = { ...paging, sort: 'trending' } as const
  const account = `0x${'7'.padStart(40, '0')}`

  test('default: no answer but the facets of all models reads a large part of a table', async () => {
    expect([...large].sort()).toEqual([
      'ancestors',
      'clones',
      'copies',
      'holders',
      'ledger',
      'listing_words',
      'listings',
      'models',
      'versions',
    ])
    const page = await answersOf.listModels(list)
    const later = await answersOf.listDescendants({ ...paging, id: '1' })
    const answers = {
      trending: () => answersOf.listModels(list),
      'the next page': () => answersOf.listModels({ ...list, cursor: page.next ?? undefined }),
      new: () => answersOf.listModels({ ...list, sort: 'new' }),
      earned: () => answersOf.listModels({ ...list, sort: 'earned' }),
      price: () => answersOf.listModels({ ...list, sort: 'price' }),
      size: () => answersOf.listModels({ ...list, sort: 'size' }),
      family: () => answersOf.listModels({ ...list, family: 'llama' }),
      'rare words': () => answersOf.listModels({ ...list, search: '137 poems' }),
      'a typing error': () => answersOf.listModels({ ...list, search: 'mistrlaa' }),
      'facets of a search': () => answersOf.modelFacets({ search: '137 poems' }),
      model: () => answersOf.getModel({ id: '17' }),
      versions: () => answersOf.listVersions({ id: '17' }),
      files: () => answersOf.listFiles({ id: '17', version: '1' }),
      descendants: () => answersOf.listDescendants({ ...paging, id: '1', cursor: later.next ?? undefined }),
      'copies of a model': () => answersOf.listModelCopies({ ...paging, id: '17' }),
      'newest copies': () => answersOf.listCopies(paging),
      'copies of an account': () => answersOf.listAccountCopies({ ...paging, account }),
      'earnings of a model': () => answersOf.listModelEarnings({ ...paging, id: '17' }),
      'earnings of an account': () => answersOf.listAccountEarnings({ ...paging, account }),
      holdings: () => answersOf.listHoldings({ account }),
      'holders of a model': () => answersOf.listHolders({ ...paging, id: '17' }),
    }
    for (const [name, answer] of Object.entries(answers)) expect([name, await excesses(answer)]).toEqual([name, []])
  })

  test.each([
    ['models_trending', () => answersOf.listModels(list)],
    ['listings_size', () => answersOf.listModels({ ...list, sort: 'size' })],
    ['copies_of_buyer', () => answersOf.listAccountCopies({ ...paging, account })],
    ['ledger_newest', () => answersOf.listModelEarnings({ ...paging, id: '17' })],
  ])('behavior: without the index %s, an answer is seen to read too much', async (index, answer) => {
    const { rows } = await pool().query({ text: `select pg_get_indexdef('${index}'::regclass) as made` })
    await database.db.execute(sql.raw(`drop index ${index}`))
    try {
      expect(await excesses(answer)).not.toEqual([])
    } finally {
      await database.db.execute(sql.raw(rows[0].made))
    }
  })
})

/** An index that is asked and has nothing counts as a row. */
function scansOf(node: PlanNode): Scan[] {
  const below = (node.Plans ?? []).flatMap(scansOf)
  const { 'Node Type': type, 'Relation Name': table, 'Index Name': index, 'Actual Loops': loops } = node
  if (!table && !index) return below
  const inVain = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)
  const rows = loops * Math.max(1, node['Actual Rows'] + inVain)
  const pages = pagesOf(node) - (node.Plans ?? []).reduce((sum, inner) => sum + pagesOf(inner), 0)
  return [{ type, table, index, rows, pages }, ...below]
}

function pagesOf(node: PlanNode): number {
  return node['Shared Hit Blocks'] + node['Shared Read Blocks']
}
