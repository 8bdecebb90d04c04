import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { generate } from '../../../bench/market/generate'
import { newPostgresDatabase } from '../../../test/database'
import { postgresPrograms } from '../../../test/postgres'
import known from '../../../test/postgres-plans.json'
import { type Database, openDatabase } from '../../db/open'
import { answersOf } from './answers'

type Asked = { text: string; values: unknown[] }

/** Tables that are so small here that Postgres may read them whole. */
const small = /named_minters|edges|claims/

/** A lost index is a scan of a whole table here, long before anybody waits for it. */
describe.skipIf(!postgresPrograms())('how Postgres reads a large market', () => {
  let database: Database
  let asked: Asked[] = []

  beforeAll(async () => {
    database = await openDatabase({ folder: '', url: await newPostgresDatabase() })
    await generate(database.db, { models: 20_000, copies: 60_000, lines: 200_000, descendants: 2_000 })
    if (!('pool' in database.engine)) throw new Error('These are plans of Postgres.')
    const { pool } = database.engine
    const query = pool.query.bind(pool) as (...given: unknown[]) => unknown
    pool.query = ((...given: [{ text: string }, unknown[]]) => {
      asked.push({ text: given[0].text, values: given[1] })
      return query(...given)
    }) as never
    Object.assign(globalThis, { kinmark: Promise.resolve({ db: database.db }) })
  })
  afterAll(() => database?.close())

  /** What the plans of all queries of an answer scan, in order of their names. */
  async function scans(answer: () => Promise<unknown>): Promise<string[]> {
    asked = []
    await answer()
    const found = new Set<string>()
    for (const { text, values } of [...asked]) {
      if (!('pool' in database.engine)) break
      const client = await database.engine.pool.connect()
      const { rows } = await client.query(`explain (costs off) ${text}`, values)
      client.release()
      for (const { 'QUERY PLAN': line } of rows) {
        const scan =
          /(?:Index Only Scan|Index Scan)(?: Backward)? using (\S+)|Bitmap Index Scan on (\S+)|(Seq Scan on \S+)/.exec(
            line,
          )
        const name = scan && (scan[1] ?? scan[2] ?? scan[3])
        if (name && !small.test(name)) found.add(name)
      }
    }
    return [...found].sort()
  }

  const paging = { limit: 25 }
  const list = { ...paging, sort: 'trending' } as const

  test('default: every answer reads by indexes, but for the facets of all models', async () => {
    const page = await answersOf.listModels(list)
    const later = await answersOf.listDescendants({ ...paging, id: '1' })
    const account = `0x${'7'.padStart(40, '0')}`
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
    }
    const plans: Record<string, string[]> = {}
    for (const [name, answer] of Object.entries(answers)) plans[name] = await scans(answer)
    // Postgres knows a sample of the rows only, so it may leave an index out or take another that serves as well.
    for (const [name, found] of Object.entries(plans))
      expect(known[name as keyof typeof known], name).toEqual(expect.arrayContaining(found))
    expect(
      Object.values(plans)
        .flat()
        .filter((scan) => scan.startsWith('Seq Scan')),
    ).toEqual([])
  })
})
