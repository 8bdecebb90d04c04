import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OwnerKeySet } from '../../lib/fingerprint/keyset/owner-key-set'
import { leaseKeys } from './leases'

let prep: string
beforeAll(async () => {
  prep = await mkdtemp(join(tmpdir(), 'kinmark-leases-'))
})
afterAll(() => rm(prep, { recursive: true, force: true }))

const keys = Array.from({ length: 16 }, (_, index) => ({ index, ids: [], candidates: [], disclosed: index % 8 === 0 }))
const keySet: OwnerKeySet = { kind: 'owner', keys, nullRate: 0.1, biases: [], copies: [] }

test('default: each target gets keys of its own, and the same again', async () => {
  expect(await leaseKeys(prep, keySet, 'a', 4)).toEqual([1, 2, 3, 4])
  expect(await leaseKeys(prep, keySet, 'b', 4)).toEqual([5, 6, 7, 9])
  expect(await leaseKeys(prep, keySet, 'a', 2)).toEqual([1, 2])
  expect(await leaseKeys(prep, keySet, 'a', 6)).toEqual([1, 2, 3, 4, 10, 11])
})

test('error: too few keys are left', async () => {
  await expect(leaseKeys(prep, keySet, 'b', 9)).rejects.toMatchObject({
    code: 'cli.keys-leased',
    facts: { requested: 9, available: 8, leased: 6, target: 'b' },
  })
})

test('error: of two leases at the same time, one fails', async () => {
  const both = await Promise.allSettled([leaseKeys(prep, keySet, 'c', 2), leaseKeys(prep, keySet, 'd', 2)])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'cli.lease-conflict' } })
  expect(await readdir(join(prep, 'leases'))).toHaveLength(4)
})
