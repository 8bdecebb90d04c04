import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../db/open'
import { masterKey } from '../sealing/master-key'
import { deriveKey, seal, unseal } from '../sealing/seal'
import { openQueue, type Queue } from './queue'

const folder = mkdtempSync(join(tmpdir(), 'kinmark-jobs-'))
let database: Database
let queue: Queue

beforeAll(async () => {
  database = await openDatabase({ folder: join(folder, 'db') })
  queue = await openQueue(database)
})
afterAll(async () => {
  await queue.close()
  await database.close()
})

test('default: one job a key, leased in order, gone when complete', async () => {
  await queue.enqueue({ key: 'a', copyId: '1' })
  await queue.enqueue({ key: 'a', copyId: '1' })
  await queue.enqueue({ key: 'b', copyId: '2' })
  expect(await queue.waiting()).toEqual(['a', 'b'])
  const first = await queue.lease()
  expect(first?.job).toEqual({ key: 'a', copyId: '1' })
  await queue.enqueue({ key: 'a', copyId: '1' })
  expect(await queue.waiting()).toEqual(['b'])
  expect(await queue.leased(first!.id, first!.attempt)).toEqual({ key: 'a', copyId: '1' })
  await queue.heartbeat(first!)
  await queue.complete(first!)
  expect(await queue.leased(first!.id, first!.attempt)).toBeNull()
  expect(await queue.fail((await queue.lease())!, 'No such model.', true)).toBe(true)
  expect(await queue.lease()).toBeNull()
})

test('behavior: a failed job is tried again; the stale lease is worth nothing', async () => {
  await queue.enqueue({ key: 'c', copyId: '3' })
  const first = (await queue.lease())!
  expect(await queue.fail(first, 'The disk is full.', false)).toBe(false)
  await expect.poll(() => queue.lease(), { timeout: 15_000, interval: 250 }).not.toBeNull()
  expect(await queue.leased(first.id, first.attempt)).toBeNull()
  expect(await queue.leased(first.id, first.attempt + 1)).toEqual({ key: 'c', copyId: '3' })
})

test('behavior: what is sealed opens under its name and key only', () => {
  const key = deriveKey(new Uint8Array(32), 'model 1')
  const sealed = seal(key, 'seed', Buffer.from('secret'))
  expect(Buffer.from(unseal(key, 'seed', sealed)).toString()).toBe('secret')
  expect(() => unseal(key, 'codeword', sealed)).toThrow('does not open with this master key')
  expect(() => unseal(deriveKey(new Uint8Array(32), 'model 2'), 'seed', sealed)).toThrow('does not open')
  sealed[sealed.length - 1] ^= 1
  expect(() => unseal(key, 'seed', sealed)).toThrow('does not open')
})

test('behavior: the key file is made once and is its owner’s alone', () => {
  const file = join(folder, 'master-key')
  expect(masterKey(file)).toEqual(masterKey(file))
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(() => masterKey(file, 'abc')).toThrow('must be 64 hex digits; it has 3 characters')
})
