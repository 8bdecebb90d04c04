import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openTestDatabase } from '../../test/database'
import type { Database } from '../db/open'
import { openQueue, type Queue } from './queue'

const schema = z.object({ name: z.string(), copy: z.number() })
type Job = z.infer<typeof schema>

let database: Database
let queue: Queue<Job>

beforeAll(async () => {
  database = await openTestDatabase()
  queue = await openQueue(database, { name: 'test', schema, keyOf: (job: Job) => job.name })
})
afterAll(async () => {
  await queue.close()
  await database.close()
})

test('default: one job per key, leased in order, gone when complete', async () => {
  await queue.enqueue({ name: 'a', copy: 1 })
  await queue.enqueue({ name: 'a', copy: 1 })
  await queue.enqueue({ name: 'b', copy: 2 })
  expect(await queue.waiting()).toEqual(['a', 'b'])
  const first = (await queue.lease())!
  expect(first.job).toEqual({ name: 'a', copy: 1 })
  await queue.enqueue({ name: 'a', copy: 1 })
  expect(await queue.waiting()).toEqual(['b'])
  expect(await queue.leased(first)).toEqual(first)
  await queue.heartbeat(first)
  await queue.complete(first)
  expect(await queue.leased(first)).toBeNull()
  expect(await queue.fail((await queue.lease())!, { reason: 'No such model.' }, true)).toBe(true)
  expect(await queue.lease()).toBeNull()
})

test('behavior: a failed job is tried again, and its first lease is over', async () => {
  await queue.enqueue({ name: 'c', copy: 3 })
  const first = (await queue.lease())!
  expect(await queue.fail(first, { reason: 'The disk is full.' }, false)).toBe(false)
  await expect.poll(() => queue.lease(), { interval: 250 }).not.toBeNull()
  expect(await queue.leased(first)).toBeNull()
  const { id, attempt } = first
  const second = { id, attempt: attempt + 1 }
  expect(await queue.leased(second)).toEqual({ ...second, job: { name: 'c', copy: 3 } })
  await queue.complete(second)
})

test('behavior: a job with the fields of an older release is dropped', async () => {
  const older = await openQueue(database, {
    name: 'test',
    schema: z.object({ key: z.string() }),
    keyOf: ({ key }) => key,
  })
  await older.enqueue({ key: 'd' })
  await older.close()
  await queue.enqueue({ name: 'e', copy: 5 })
  expect(await queue.waiting()).toEqual(['e'])
  expect((await queue.lease())?.job).toEqual({ name: 'e', copy: 5 })
})
