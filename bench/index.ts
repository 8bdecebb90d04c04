import { mkdtempSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { count, eq } from 'drizzle-orm'
import { createPublicClient, createTestClient, createWalletClient, http } from 'viem'
import { toCopyId } from '../lib/chain/ids'
import { type Database, openDatabase } from '../lib/db/open'
import { copies, ledger, models } from '../lib/db/schema'
import { type Chain, type Indexer, openIndexer } from '../lib/indexer/sync'
import { startAnvil } from '../test/anvil'
import { postgresPrograms, startPostgres } from '../test/postgres'
import { emitterCode, emitting } from './index/emitter'
import { business, type Calls, contracts, newBusiness, registrations, sharesOf } from './index/events'
import { installPonder, type PonderDatabase, runPonder } from './index/run-ponder'

/**
 * Indexes a local chain that is full of our contracts' events into PGlite and Postgres: events a second, memory, what a
 * reorg costs, and how long a block takes to reach the tables; with `--ponder`, the events a second of Ponder beside it, which
 * is installed into a temporary folder: `npm run bench:index -- [--logs N] [--only pglite|postgres] [--ponder] [--json]`.
 */

const { values } = parseArgs({
  options: {
    logs: { type: 'string', default: '100000' },
    only: { type: 'string' },
    ponder: { type: 'boolean' },
    json: { type: 'boolean' },
  },
})
const logs = Number(values.logs)
const modelCount = 600
const pollMs = 500
const goals = { perSecond: 5_000, reorgMs: { 1: 50, 10: 200, 100: 2_000 } as Record<number, number>, visibleMs: 1_000 }

const anvil = await startAnvil(['--no-mining', '--gas-limit', '3000000000'])
const client = createPublicClient({ transport: http(anvil.rpcUrl, { batch: true }) })
const wallet = createWalletClient({ transport: http(anvil.rpcUrl) })
const test = createTestClient({ mode: 'anvil', transport: http(anvil.rpcUrl) })
const [account] = await wallet.getAddresses()

const emitters = [...Object.values(contracts), ...Array.from({ length: modelCount }, (_, i) => sharesOf(i + 1))]
await setEmitters()

/** Once more after a reorg: the local chain forgets code that no block has set. */
async function setEmitters(): Promise<void> {
  for (const address of emitters) await test.setCode({ address, bytecode: emitterCode })
}

/** One block with a transaction for each contract. Returns the number of its logs. */
async function mine(calls: Calls): Promise<number> {
  for (const [to, emitted] of calls)
    await wallet.sendTransaction({ account, to, data: emitting(emitted), gas: 16_000_000n, chain: null })
  await test.mine({ blocks: 1 })
  return [...calls.values()].reduce((sum, { length }) => sum + length, 0)
}

let made = 0
for (const calls of registrations(modelCount)) made += await mine(calls)
const state = newBusiness(modelCount)
while (made < logs) made += await mine(business(state))
console.error(`The chain has ${made} logs in ${await client.getBlockNumber()} blocks.`)

const chain: Chain = { client, chainId: 31337, firstBlock: 0, contracts }

/** `held`: what the program still refers to after a collection; the rest of `rss` is free for its next objects, or code. */
type Memory = { rss: number; held: number }

type Figures = {
  database: string
  logs: number
  perSecond: number
  /** Logs for each second of this process’s processor time. With PGlite it does everything but the chain. */
  perCpuSecond: number
  reorgMs: Record<number, number>
  visibleMs: number
  memoryMb: { before: Memory; tenth: Memory; half: Memory; end: Memory }
}

function memoryMb(): Memory {
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  return { rss: Math.round(rss / 1e6), held: Math.round((heapUsed + external) / 1e6) }
}

async function catchUp(indexer: Indexer, until = Number.POSITIVE_INFINITY): Promise<number> {
  for (let found = 0; ; ) {
    const { newLogs, indexed, head } = await indexer.step()
    found += newLogs
    if (indexed === head || found >= until) return found
  }
}

async function measure(name: string, database: Database): Promise<Figures> {
  const { db } = database
  const indexer = openIndexer(chain, db)
  const before = memoryMb()
  const start = performance.now()
  const cpu = process.cpuUsage()
  const first = await catchUp(indexer, made / 10)
  const tenth = memoryMb()
  const second = first + (await catchUp(indexer, made / 2 - first))
  const half = memoryMb()
  const all = second + (await catchUp(indexer))
  const perSecond = all / ((performance.now() - start) / 1000)
  const { user, system } = process.cpuUsage(cpu)
  const perCpuSecond = all / ((user + system) / 1e6)
  const end = memoryMb()
  console.error(`${name}: ${perSecond.toFixed(0)} events a second.`)
  const [{ rows }] = await db.select({ rows: count() }).from(models)
  const [{ lines }] = await db.select({ lines: count() }).from(ledger)
  if (rows !== modelCount || lines === 0) throw new Error(`${rows} models and ${lines} lines were indexed.`)

  const reorgMs: Record<number, number> = {}
  for (const depth of [1, 10, 100]) {
    for (let i = 0; i < depth; i++) await mine(business(state))
    await catchUp(indexer)
    await test.request({ method: 'anvil_reorg' as never, params: [depth, []] as never })
    const at = performance.now()
    const { rewound, indexed, head } = await indexer.step()
    reorgMs[depth] = performance.now() - at
    console.error(`${name}: a reorg of ${depth} blocks took ${reorgMs[depth].toFixed(0)} ms.`)
    if (!rewound || indexed !== head - depth) throw new Error(`Block ${indexed} of ${head} is left after ${depth}.`)
    await catchUp(indexer)
    await setEmitters()
  }
  return {
    database: name,
    logs: all,
    perSecond,
    perCpuSecond,
    reorgMs,
    visibleMs: await visible(indexer, database),
    memoryMb: { before, tenth, half, end },
  }
}

/** The longest time from a block to the row of its newest copy in the tables, while the indexer polls. */
async function visible(indexer: Indexer, { db }: Database): Promise<number> {
  const ended = new AbortController()
  const running = (async () => {
    while (!ended.signal.aborted) {
      await indexer.step()
      await wait(pollMs)
    }
  })()
  let longest = 0
  for (let i = 0; i < 10; i++) {
    await wait(137 * i)
    await mine(business(state))
    const at = performance.now()
    const id = toCopyId(BigInt(state.copies))
    while ((await db.select({ id: copies.id }).from(copies).where(eq(copies.id, id))).length === 0) await wait(5)
    longest = Math.max(longest, performance.now() - at)
  }
  ended.abort()
  await running
  return longest
}

/** Ponder indexes the same chain into an empty database of the same kind. */
async function measurePonder(name: string, { db }: Database, database: PonderDatabase): Promise<void> {
  if (!ponder) return
  const logs = await logsOfChain()
  const expected = { copies: await db.$count(copies), ledger: await db.$count(ledger) }
  const ms = await runPonder(ponder, anvil.rpcUrl, database, expected)
  besides.push({ database: name, logs, perSecond: logs / (ms / 1000) })
  console.error(`Ponder, ${name}: ${(logs / (ms / 1000)).toFixed(0)} events a second.`)
}

/** Without those that a reorg has dropped. */
async function logsOfChain(): Promise<number> {
  const head = await client.getBlockNumber({ cacheTime: 0 })
  let found = 0
  for (let from = 0n; from <= head; from += 50n)
    found += (await client.getLogs({ fromBlock: from, toBlock: from + 49n < head ? from + 49n : head })).length
  return found
}

const ponder = values.ponder ? installPonder() : null
const besides: Pick<Figures, 'database' | 'logs' | 'perSecond'>[] = []
const figures: Figures[] = []
if (values.only !== 'postgres') {
  const database = await openDatabase({ folder: join(mkdtempSync(join(tmpdir(), 'kinmark-bench-')), 'db') })
  figures.push(await measure('PGlite', database))
  await measurePonder('PGlite', database, { kind: 'pglite', directory: mkdtempSync(join(tmpdir(), 'kinmark-ponder-')) })
  await database.close()
}
if (values.only !== 'pglite' && postgresPrograms()) {
  const postgres = await startPostgres()
  const database = await openDatabase({ folder: '', url: postgres.url })
  figures.push(await measure('Postgres', database))
  await measurePonder('Postgres', database, { kind: 'postgres', connectionString: postgres.url })
  await database.close()
  await postgres.stop()
}
await anvil.stop()

if (values.json) console.log(JSON.stringify({ kinmark: figures, ponder: besides }, null, 2))
else {
  console.log(`${availableParallelism()} cores, which the chain, the indexer and the database share.\n`)
  console.log(
    `| | events a second | for each processor second of the indexer | reorg of 1, 10, 100 blocks | block to row, at most | memory before, after a tenth, a half, at the end (of it held) |`,
  )
  console.log('|---|---|---|---|---|---|')
  for (const { database, perSecond, perCpuSecond, reorgMs, visibleMs, memoryMb: m } of figures)
    console.log(
      `| ${database} | ${perSecond.toFixed(0)} (${goals.perSecond}) | ${perCpuSecond.toFixed(0)} | ${Object.entries(
        reorgMs,
      )
        .map(([depth, ms]) => `${ms.toFixed(0)} ms (${goals.reorgMs[Number(depth)]})`)
        .join(', ')} | ${visibleMs.toFixed(0)} ms (${goals.visibleMs}) | ${Object.values(m)
        .map(({ rss, held }) => `${rss} (${held})`)
        .join(', ')} MB |`,
    )
  for (const { database, perSecond } of besides)
    console.log(`| Ponder, ${database} | ${perSecond.toFixed(0)} | | | | |`)
}
