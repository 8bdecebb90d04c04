import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { sql } from 'drizzle-orm'
import { createPublicClient, createTestClient, createWalletClient, http } from 'viem'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { emitterCode, emitting } from '../../bench/index/emitter'
import { business, contracts, newBusiness, registrations } from '../../bench/index/events'
import { type Anvil, startAnvil } from '../../test/anvil'
import { type Postgres, postgresPrograms, startPostgres } from '../../test/postgres'
import { tableNames } from '../backup/tables'
import { type Database, type Db, openDatabase } from '../db/open'
import { openIndexer } from '../indexer/sync'
import { openQueue } from '../jobs/queue'
import { log } from '../log'
import { partAway } from '../part-away'
import { problemOfError } from './http/problem-response'

type Step = { leads?: boolean; indexed?: number | null; failed?: string }
type Indexer = { child: ChildProcess; last: () => Step; end(): Promise<void> }

const models = 4

/** What can happen to the processes that share a Postgres, while a chain goes on. */
describe.skipIf(!postgresPrograms())('faults of a database and of the processes on it', () => {
  let postgres: Postgres
  let anvil: Anvil
  const running: Indexer[] = []
  const state = newBusiness(models)
  let go = true
  let chainGoesOn: Promise<void>

  beforeAll(async () => {
    postgres = await startPostgres()
    anvil = await startAnvil(['--no-mining', '--gas-limit', '1000000000'])
    const tools = createTestClient({ mode: 'anvil', transport: http(anvil.rpcUrl) })
    const wallet = createWalletClient({ transport: http(anvil.rpcUrl) })
    const [account] = await wallet.getAddresses()
    for (const address of Object.values(contracts)) await tools.setCode({ address, bytecode: emitterCode })
    const mine = async (calls: ReturnType<typeof business>) => {
      for (const [to, logs] of calls)
        await wallet.sendTransaction({ account, to, data: emitting(logs), gas: 16_000_000n, chain: null })
      await tools.mine({ blocks: 1 })
    }
    for (const calls of registrations(models)) await mine(calls)
    chainGoesOn = (async () => {
      while (go) {
        await mine(business(state))
        await new Promise((done) => setTimeout(done, 50))
      }
    })()
  })
  afterAll(async () => {
    go = false
    await chainGoesOn
    for (const { end } of running) await end()
    await anvil?.stop()
    await postgres?.stop()
  })

  function startIndexer(): Indexer {
    const args = ['--conditions=react-server', '--import', 'tsx', 'test/indexer-process.ts', postgres.url, anvil.rpcUrl]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let last: Step = {}
    createInterface({ input: child.stdout }).on('line', (line) => {
      last = JSON.parse(line)
    })
    const end = async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }
    const indexer = { child, last: () => last, end }
    running.push(indexer)
    return indexer
  }

  const leader = () => running.find(({ child, last }) => child.signalCode === null && last().leads === true)
  const indexesAfter = (block: number) => expect.poll(() => leader()?.last().indexed ?? 0).toBeGreaterThan(block)
  const head = async () => Number(await createPublicClient({ transport: http(anvil.rpcUrl) }).getBlockNumber())

  test('error: the leader is killed, then the database loses power: no log is lost, and none counts twice', async () => {
    for (const _ of [1, 2, 3]) startIndexer()
    await indexesAfter(models)

    const killed = leader()
    await killed?.end()
    await expect.poll(leader).not.toBe(killed)
    await indexesAfter(await head())

    await postgres.crash(1_000)
    await indexesAfter(await head())

    go = false
    await chainGoesOn
    const last = await head()
    await expect.poll(() => leader()?.last().indexed).toBe(last)
    const shared = await openDatabase({ folder: '', url: postgres.url })
    const alone = await indexedAlone()
    const tables = await contents(alone.db)
    expect(tables.copies).toHaveLength(state.copies)
    const found = await contents(shared.db)
    // How many of the old blocks' hashes are kept depends on where the ranges ended.
    for (const name of Object.keys(tables))
      if (!['blocks', 'undo'].includes(name)) expect(found[name], name).toEqual(tables[name])
    await alone.close()
    await shared.close()
  }, 480_000)

  /** The same chain, indexed in one go into an empty database. */
  async function indexedAlone(): Promise<Database> {
    const database = await openDatabase({ folder: join(mkdtempSync(join(tmpdir(), 'kinmark-alone-')), 'db') })
    const client = createPublicClient({ transport: http(anvil.rpcUrl) })
    const indexer = openIndexer({ client, chainId: 31337, firstBlock: 0, contracts }, database.db)
    for (;;) {
      const { indexed, head } = await indexer.step()
      if (indexed === head) return database
    }
  }

  test('error: a connection that breaks in the middle of a transaction ends the transaction, and not the process', async () => {
    const database = await openDatabase({ folder: '', url: postgres.url })
    const broken = database.db.transaction(async (tx) => {
      await tx.execute(sql`create table half_done (id integer)`)
      await postgres.crash(100)
      await tx.execute(sql`select 1`)
    })
    const error = await broken.catch((error) => error)
    expect(partAway(error)).toBe('database')
    await expect(database.db.execute(sql`select * from half_done`)).rejects.toThrow()
    expect(await database.db.execute(sql`select 1 as one`)).toMatchObject({ rows: [{ one: 1 }] })
    await database.close()
  })

  test('error: while the database is away, who asks is told so; a job that was leased is completed once', async () => {
    const warned = vi.spyOn(log, 'warn').mockImplementation(() => undefined)
    const failed = vi.spyOn(log, 'error').mockImplementation(() => undefined)
    const database = await openDatabase({ folder: '', url: postgres.url })
    const schema = z.object({ name: z.string() })
    const queue = await openQueue(database, { name: 'faults', schema, keyOf: ({ name }) => name })
    await queue.enqueue({ name: 'a' })
    await queue.enqueue({ name: 'b' })
    const lease = await queue.lease()
    const crashed = postgres.crash(1_500)
    const told: unknown[] = []
    for (const end = Date.now() + 1_000; Date.now() < end; ) {
      await database.db.execute(sql`select 1`).catch((error) => told.push(problemOfError(error)))
      await new Promise((done) => setTimeout(done, 50))
    }
    expect(told.length).toBeGreaterThan(0)
    for (const problem of told)
      expect(problem).toMatchObject({ status: 503, code: 'market.part-away', facts: { part: 'database' } })
    expect(told[0]).toMatchObject({ detail: expect.stringContaining('Nothing was lost: try again') })
    await crashed
    await expect.poll(() => queue.leased(lease!).catch(() => null)).toEqual(lease)
    await queue.complete(lease!)
    expect((await queue.lease())?.job).toEqual({ name: 'b' })
    expect(await queue.lease()).toBeNull()
    await queue.close()
    await database.close()
    for (const spy of [warned, failed]) spy.mockRestore()
  })
})

async function contents(db: Db): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {}
  for (const name of await tableNames(db)) {
    const found = await db.execute(sql`select row_to_json(t)::text as line from ${sql.identifier(name)} t order by 1`)
    all[name] = (found as unknown as { rows: { line: string }[] }).rows.map(({ line }) => line)
  }
  return all
}
