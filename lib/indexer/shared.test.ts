import { Client } from 'pg'
import { createPublicClient, createTestClient, createWalletClient, http } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emitterCode, emitting } from '../../bench/index/emitter'
import { business, contracts, newBusiness, registrations } from '../../bench/index/events'
import { type Anvil, startAnvil } from '../../test/anvil'
import { newPostgresDatabase } from '../../test/database'
import { postgresPrograms } from '../../test/postgres'
import { openLeader } from '../db/leader'
import { type Database, openDatabase, openSchema } from '../db/open'
import { copies, models, versions } from '../db/schema'
import { rebuild } from './rebuild'
import { type Chain, openIndexer } from './sync'

describe.skipIf(!postgresPrograms())('several processes on one Postgres', () => {
  let url: string
  let anvil: Anvil
  let chain: Chain
  const open: Database[] = []
  const state = newBusiness(4)

  beforeAll(async () => {
    url = await newPostgresDatabase()
    anvil = await startAnvil(['--no-mining', '--gas-limit', '1000000000'])
    const client = createPublicClient({ transport: http(anvil.rpcUrl) })
    chain = { client, chainId: 31337, firstBlock: 0, contracts }
    const tools = createTestClient({ mode: 'anvil', transport: http(anvil.rpcUrl) })
    const wallet = createWalletClient({ transport: http(anvil.rpcUrl) })
    const [account] = await wallet.getAddresses()
    for (const address of Object.values(contracts)) await tools.setCode({ address, bytecode: emitterCode })
    for (const calls of [...registrations(4), ...Array.from({ length: 20 }, () => business(state))]) {
      for (const [to, logs] of calls)
        await wallet.sendTransaction({ account, to, data: emitting(logs), gas: 16_000_000n, chain: null })
      await tools.mine({ blocks: 1 })
    }
  })
  afterAll(async () => {
    for (const { close } of open) await close()
    await anvil?.stop()
  })

  const join = async () => {
    const database = await openDatabase({ folder: '', url })
    open.push(database)
    return database
  }

  test('default: one process leads; when its connection breaks, another takes over', async () => {
    const [first, second] = await Promise.all([join(), join()])
    const [one, other] = [openLeader(first), openLeader(second)]
    expect(await one.leads()).toBe(true)
    expect(await other.leads()).toBe(false)
    const admin = new Client({ connectionString: url })
    await admin.connect()
    await admin.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = ${0x6b696e6d}`,
    )
    await admin.end()
    await expect.poll(() => other.leads()).toBe(true)
    expect(await one.leads()).toBe(false)
    await other.close()
    await expect.poll(() => one.leads()).toBe(true)
    await one.close()
  })

  test('behavior: two that both think they lead write no log twice', async () => {
    const [first, second] = [await join(), await join()]
    const indexers = [openIndexer(chain, first.db), openIndexer(chain, second.db)]
    const head = Number(await chain.client.getBlockNumber())
    for (let tries = 0; ; tries++) {
      const steps = await Promise.allSettled(indexers.map((indexer) => indexer.step()))
      if (steps.some((step) => step.status === 'fulfilled' && step.value.indexed === head)) break
      expect(tries).toBeLessThan(50)
    }
    expect(await first.db.select().from(copies)).toHaveLength(state.copies)
    const [{ copiesSold }] = await first.db.select().from(models)
    expect(copiesSold).toBe(state.copies / 4)
  })

  test('behavior: a rebuild repairs what is wrong, keeps what is not of the chain, and an indexer goes on from it', async () => {
    const { db } = await join()
    const before = { models: await db.select().from(models), copies: (await db.select().from(copies)).length }
    await db.update(models).set({ earned: 0n, majority: null })
    await db.delete(copies)
    await db.update(versions).set({ metadata: { name: 'kept' } as never })
    const aside = openSchema(url, 'rebuild')
    await rebuild(chain, db, aside.db, () => {})
    await aside.close()
    const sorted = (rows: { id: string }[]) => rows.sort((a, b) => Number(a.id) - Number(b.id))
    expect(sorted(await db.select().from(models))).toEqual(sorted(before.models))
    expect(await db.select().from(copies)).toHaveLength(before.copies)
    expect((await db.select().from(versions)).map(({ metadata }) => metadata?.name)).toEqual(Array(4).fill('kept'))
    const { newLogs, indexed, head } = await openIndexer(chain, db).step()
    expect([newLogs, indexed]).toEqual([0, head])
  })
})
