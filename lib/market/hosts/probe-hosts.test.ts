import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { generate } from '../../../bench/market/generate'
import { openTestDatabase } from '../../../test/database'
import { toCopyId } from '../../chain/ids'
import type { Database } from '../../db/open'
import { deployments, hostChecks } from '../../db/schema'
import { log } from '../../log'
import type { Market } from '../context/context'
import { localChainId } from '../read/get-chain-config'
import { probeHosts } from './probe-hosts'

/** As many as are looked at together. */
const together = 8

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
  await generate(database.db, { models: 50, copies: 2, lines: 1, descendants: 1 })
})
afterAll(() => database?.close())

/** The market of a process that leads, where no check of copy 1 can be stored. */
function market(signal: AbortSignal): Market {
  const { db } = database
  const insert = (table: typeof hostChecks) => ({
    values: (row: typeof hostChecks.$inferInsert) =>
      row.copyId === '1'
        ? { onConflictDoNothing: () => Promise.reject(new Error('integer out of range')) }
        : db.insert(table).values(row),
  })
  return {
    db: new Proxy(db, { get: (own, name) => (name === 'insert' ? insert : Reflect.get(own, name)) }),
    env: { proberKey: null },
    stopping: { signal },
    leader: { leads: async () => true },
    deployment: { chainId: localChainId, contracts: {} },
  } as unknown as Market
}

test('error: hosts whose checks cannot be stored keep no others from theirs', async () => {
  const logged = vi.spyOn(log, 'error').mockImplementation(() => undefined)
  const host = { operator: `0x${'1'.repeat(40)}`, price: 1n, url: 'http://10.0.0.1/', open: true, openedAt: 1 } as const
  const first = Array.from({ length: together }, (_, i) => ({ ...host, copyId: toCopyId(1n), number: i + 1 }))
  await database.db.insert(deployments).values([...first, { ...host, copyId: toCopyId(2n), number: 1 }])
  const stopping = new AbortController()
  const probing = probeHosts(market(stopping.signal))
  const checked = async () =>
    (await database.db.select().from(hostChecks)).map(({ copyId, problem }) => [copyId, problem])
  await expect.poll(checked, { timeout: 15_000 }).toEqual([['2', 'market.host-address']])
  stopping.abort()
  await probing
  expect(logged).toHaveBeenCalledTimes(1)
  logged.mockRestore()
})
