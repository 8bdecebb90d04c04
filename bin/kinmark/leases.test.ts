import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { leaseKeys } from './leases'

let prep: string
beforeAll(async () => {
  prep = await mkdtemp(join(tmpdir(), 'kinmark-leases-'))
})
afterAll(() => rm(prep, { recursive: true, force: true }))

const order = Array.from({ length: 60 }, (_, i) => 59 - i)

async function leased(target: string, taken: number, count?: number): Promise<number[]> {
  const keys: number[] = []
  for await (const key of leaseKeys(prep, order, target, count)) {
    keys.push(key)
    if (keys.length === taken) break
  }
  return keys
}

test('default: each target gets keys of its own, and the same again', async () => {
  expect(await leased('a', 4, 4)).toEqual([59, 58, 57, 56])
  expect(await leased('b', 3)).toEqual([55, 54, 53])
  expect(await leased('a', 2, 2)).toEqual([59, 58])
  expect(await leased('a', 6, 6)).toEqual([59, 58, 57, 56, 39, 38])
})

test('behavior: keys that were never needed are not leased', async () => {
  expect(await readdir(join(prep, 'leases'))).toHaveLength(3)
  expect(await leased('b', 17)).toEqual([...Array.from({ length: 16 }, (_, i) => 55 - i), 37])
})

test('error: too few keys are left', async () => {
  await expect(leased('c', 1, 99)).rejects.toMatchObject({
    code: 'cli.keys-leased',
    facts: { requested: 99, available: 22, leased: 38, target: 'c' },
  })
})

test('error: of two leases that overlap, the second to be written fails', async () => {
  const first = leaseKeys(prep, order, 'c', 18)
  for (let i = 0; i < 16; i++) await first.next()
  expect(await leased('d', 1, 1)).toHaveLength(1)
  await expect(first.next().then(() => first.next())).rejects.toMatchObject({ code: 'cli.lease-conflict' })
})

test('invariant: leases at the same time share no key, and leave nothing half written', async () => {
  const targets = ['e', 'f', 'g', 'h']
  const all = await Promise.allSettled(targets.map((target) => leased(target, 1, 1)))
  const keys = all.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys.length).toBeGreaterThan(0)
  for (const one of all) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'cli.lease-conflict' })
  expect((await readdir(join(prep, 'leases'))).filter((name) => !name.endsWith('.json'))).toEqual([])
})
