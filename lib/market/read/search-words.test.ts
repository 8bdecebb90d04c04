import { type SQL, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { generate } from '../../../bench/market/generate'
import { openTestDatabase } from '../../../test/database'
import type { Database } from '../../db/open'
import { listings, listingWords, versions } from '../../db/schema'
import { matches, matchingAll, termsOf } from './search-terms'
import { searchable, searchWords } from './search-words'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
  await generate(database.db, { models: 50, copies: 1, lines: 1, descendants: 5 })
  await database.db.delete(versions).where(sql`model_id <> '1'`)
})
afterAll(() => database?.close())
afterEach(() => vi.useRealTimers())

/** What is known of words is at most five seconds old. */
let now = Date.now()

/** Whether a model of this name is found. */
async function finds(text: string, search: string): Promise<boolean> {
  const { db } = database
  const words = sql`to_tsvector('simple', ${searchable(text)}) || to_tsvector('english', ${text})`
  await db.update(listings).set({ search: words as never })
  now += 6_000
  vi.useFakeTimers({ toFake: ['Date'], now })
  const terms = await termsOf(db, searchWords(search))
  const matching = terms.length > 0 && matchingAll(terms)
  return matching ? (await db.$count(listings, matches(matching))) > 0 : false
}

test.each([
  ['SmolLM2-135M', 'smollm2', true],
  ['SmolLM2-135M', 'Smol', true],
  ['SmolLM2-135M', '135m smollm2', true],
  ['A model that translates poems', 'translation', true],
  ['通义千问模型', '千问', true],
  ['通义千问模型', '问通', false],
  ['Llama', 'lama', false],
  ['ＦＵＬＬ width', 'full', true],
  ['tiny', "'", false],
  ['tiny', 't', false],
  ['model t', 't', true],
  ['通义千问模型', '千', true],
  ['tiny', 'tiny & ! | :* <->', true],
  ['tiny', 'tiny & !llama', false],
  ['The tiny model', 'the tiny', true],
  ['A tiny model', 'the tiny', true],
  ['SmolLM2-135M', 'the', false],
  ['The model', 'the', true],
])('default: “%s”, searched for “%s”', async (text, search, found) => {
  expect(await finds(text, search)).toBe(found)
})

test('error: no text that somebody searches for breaks the query', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (search) => {
      await finds('a text', search)
    }),
    { numRuns: 150 },
  )
  expect(searchWords('a'.repeat(100_000))[0]).toHaveLength(40)
  expect(searchWords(Array.from({ length: 100 }, (_, i) => `word${i}`).join(' '))).toHaveLength(8)
})

test('behavior: the words of all listings are counted as they come, change and go', async () => {
  const { db, close } = await openTestDatabase()
  const sorted = async (words: SQL) => {
    const { rows } = (await db.execute(words)) as unknown as { rows: { word: string; models: number }[] }
    return rows.map(({ word, models }) => `${word} ${models}`).sort()
  }
  const counted = () => sorted(sql`select word, models from ${listingWords}`)
  const there = () =>
    sorted(sql`select word, count(*) as models from ${listings}, unnest(tsvector_to_array(search)) word group by 1`)
  await generate(db, { models: 50, copies: 1, lines: 1, descendants: 5 })
  expect(await counted()).toContain('model 50')
  expect(await counted()).toEqual(await there())
  const odd = sql`model_id::int % 2 = 1`
  await db
    .update(listings)
    .set({ search: sql`to_tsvector('simple', 'something new')` as never })
    .where(odd)
  expect(await counted()).toContain('something 25')
  expect(await counted()).toEqual(await there())
  await db.delete(versions).where(odd)
  expect(await db.$count(listings)).toBe(25)
  expect(await counted()).toEqual(await there())
  await db.execute(sql`truncate ${versions} cascade`)
  expect(await counted()).toEqual([])
  await close()
})
