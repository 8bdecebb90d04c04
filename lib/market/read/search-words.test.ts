import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../../../test/database'
import type { Database } from '../../db/open'
import { searchable, searchTerms } from './search-words'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database?.close())

async function finds(text: string, search: string): Promise<boolean> {
  const terms = searchTerms(search)
  if (!terms) return false
  const { rows } = (await database.db.execute(
    sql`select (to_tsvector('simple', ${searchable(text)}) || to_tsvector('english', ${text})) @@ (to_tsquery('simple', ${terms.prefixes}) || to_tsquery('english', ${terms.stems})) as found`,
  )) as unknown as { rows: { found: boolean }[] }
  return rows[0].found
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
  expect(searchTerms('a'.repeat(100_000))?.prefixes.length).toBeLessThan(100)
  expect(searchTerms(Array(100).fill('word').join(' '))?.stems.split('&')).toHaveLength(8)
})
