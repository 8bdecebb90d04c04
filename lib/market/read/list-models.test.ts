import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generate } from '../../../bench/market/generate'
import { openTestDatabase } from '../../../test/database'
import { toModelId } from '../../chain/ids'
import type { Database } from '../../db/open'
import { listings, models, versions } from '../../db/schema'
import { listDescribed } from '../publish/ingest-metadata'
import { writeCursor } from './cursor'
import { facetsOf } from './facets-of'
import { listModels, listModelsFrom } from './list-models'
import type { ModelQuery, ModelSummary } from './views'

const total = 300
let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
  await generate(database.db, { models: total, copies: 10, lines: 10, descendants: 20 })
  Object.assign(globalThis, { kinmark: Promise.resolve({ db: database.db }) })
})
afterAll(() => database?.close())

async function all(query: ModelQuery): Promise<ModelSummary[]> {
  const found: ModelSummary[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await listModels({ ...query, limit: 37, cursor })
    found.push(...page.models)
    if (page.next === null) return found
    cursor = page.next
  }
}

test('default: the pages of every order have each model once, in that order', async () => {
  const values = {
    new: (model: ModelSummary) => -model.registeredAt,
    earned: (model: ModelSummary) => -Number(model.earned),
    price: (model: ModelSummary) => Number(model.terms.price),
    size: (model: ModelSummary) => model.sizeBytes,
  }
  for (const [sort, by] of Object.entries(values)) {
    const found = await all({ sort: sort as keyof typeof values })
    expect(new Set(found.map(({ id }) => id)).size).toBe(total)
    expect(found).toHaveLength(total)
    expect(found.map(by)).toEqual(found.map(by).sort((a, b) => a - b))
  }
  expect(await all({ sort: 'trending' })).toHaveLength(total)
})

test('behavior: filters and words narrow the list, also together, and their counts agree', async () => {
  const { families } = await facetsOf()
  expect(families.reduce((sum, { models: counted }) => sum + counted, 0)).toBe(total)
  for (const { value, models: counted } of families) expect(await all({ family: value })).toHaveLength(counted)
  const found = await all({ search: 'llama poem' })
  expect(found.length).toBeGreaterThan(0)
  expect(found.every(({ name }) => name.startsWith('llama poems'))).toBe(true)
  const { licence } = found[0]
  const narrowed = await all({ search: 'poems', family: 'llama', licence: licence ?? undefined })
  expect(narrowed.map(({ id }) => id).sort()).toEqual(
    found
      .filter((model) => model.licence === licence)
      .map(({ id }) => id)
      .sort(),
  )
  expect(await listModels({ family: 'nobody' })).toEqual({ models: [], next: null, similar: false })
})

test('behavior: a model of exactly this name comes first, once; a typing error finds names that are written alike', async () => {
  const [{ name, id }] = (await listModels({ sort: 'new', limit: 1 })).models
  const found = await all({ search: name.toUpperCase() })
  expect(found[0].id).toBe(id)
  expect(found.filter((model) => model.id === id)).toHaveLength(1)
  const alike = await listModels({ search: 'mistrla' })
  expect(alike).toMatchObject({ similar: true, next: null })
  expect(alike.models.every(({ family }) => family === 'mistral')).toBe(true)
  const closest = await listModels({ search: 'llama mistral' })
  expect(closest).toMatchObject({ similar: true, next: null })
  expect(new Set(closest.models.map(({ family }) => family)).size).toBe(1)
  expect(['llama', 'mistral']).toContain(closest.models[0].family)
  expect((await listModels({ search: 'llama mistral', family: 'gemma' })).models).toEqual([])
  // No model has a word “z”, which is too short for a typing error.
  const without = await listModels({ search: 'llama poems z' })
  expect(without).toMatchObject({ similar: true, next: null })
  expect(without.models.map(({ id }) => id)).toEqual(
    (await listModels({ search: 'llama poems' })).models.map(({ id }) => id),
  )
  expect(await listModels({ search: 'zzzzqqqq' })).toEqual({ models: [], next: null, similar: false })
  expect(await listModels({ search: '!!' })).toEqual({ models: [], next: null, similar: false })
})

test('error: a cursor of another order, or of nobody, is refused', async () => {
  const { next } = await listModels({ sort: 'trending', limit: 1 })
  await expect(listModels({ sort: 'new', cursor: next! })).rejects.toMatchObject({ code: 'market.cursor-invalid' })
  for (const value of ['NaN', 'Infinity', '1e9999', '1; select 1'])
    await expect(listModels({ cursor: writeCursor({ value, id: '1' }) })).rejects.toMatchObject({ status: 400 })
})

test('behavior: a page whose address has a wrong cursor begins at the start', async () => {
  expect(await listModelsFrom({ sort: 'new', cursor: 'nonsense' })).toEqual(await listModels({ sort: 'new' }))
})

test('behavior: retired models leave the list; a listing goes with its version and comes back from the metadata', async () => {
  const { db } = database
  const id = toModelId(5n)
  await db.update(models).set({ retired: true }).where(eq(models.id, id))
  expect(await all({})).toHaveLength(total - 1)
  await db.update(models).set({ retired: false }).where(eq(models.id, id))
  const [version] = await db.select().from(versions).where(eq(versions.modelId, id))
  await db.delete(versions).where(eq(versions.modelId, id))
  expect(await db.select().from(listings).where(eq(listings.modelId, id))).toEqual([])
  await db.insert(versions).values(version)
  await listDescribed({ db })
  const [again] = (await listModels({ search: 'model 5' })).models
  expect(again).toMatchObject({ id, name: 'model 5' })
})
