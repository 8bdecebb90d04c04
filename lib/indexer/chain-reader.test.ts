import { createPublicClient, createTestClient, createWalletClient, custom, http, type PublicClient } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { emitterCode, emitting } from '../../bench/index/emitter'
import { business, type Calls, contracts, newBusiness, registrations, sharesOf } from '../../bench/index/events'
import { type Anvil, startAnvil } from '../../test/anvil'
import { openTestDatabase } from '../../test/database'
import type { Database } from '../db/open'
import { copies, ledger, models } from '../db/schema'
import { ChainReader } from './chain-reader'
import { openIndexer } from './sync'
import { clear } from './undo'

type Request = { method: string; params: never[] }
type Ask = (request: Request) => Promise<unknown>

const modelCount = 4
let anvil: Anvil
let honest: PublicClient
let database: Database
let state = newBusiness(modelCount)

beforeAll(async () => {
  database = await openTestDatabase()
  anvil = await startAnvil(['--no-mining', '--gas-limit', '1000000000'])
  honest = createPublicClient({ transport: http(anvil.rpcUrl) })
  const clones = Array.from({ length: modelCount }, (_, i) => sharesOf(i + 1))
  for (const address of [...Object.values(contracts), ...clones, sharesOf(99)])
    await tools().setCode({ address, bytecode: emitterCode })
  for (const calls of registrations(modelCount)) await mine(calls)
  for (let i = 0; i < 40; i++) await mine(business(state))
})
afterAll(async () => {
  await database?.close()
  await anvil?.stop()
})

const tools = () => createTestClient({ mode: 'anvil', transport: http(anvil.rpcUrl) })

async function mine(calls: Calls) {
  const wallet = createWalletClient({ transport: http(anvil.rpcUrl) })
  const [account] = await wallet.getAddresses()
  for (const [to, logs] of calls)
    await wallet.sendTransaction({ account, to, data: emitting(logs), gas: 16_000_000n, chain: null })
  await tools().mine({ blocks: 1 })
}

/** The chain behind an RPC that answers each request as `answer` says. */
function chainWith(answer: (request: Request, ask: Ask) => Promise<unknown>) {
  const ask: Ask = (request) => honest.request(request as never)
  const transport = custom({ request: (request: Request) => answer(request, ask) }, { retryCount: 0 })
  return { client: createPublicClient({ transport }), chainId: 31337, firstBlock: 0, contracts }
}

/** Indexes all of the chain by this RPC and returns what it found. */
async function indexed(answer: (request: Request, ask: Ask) => Promise<unknown>) {
  const { db } = database
  await clear(db)
  const indexer = openIndexer(chainWith(answer), db)
  for (let steps = 0; ; steps++) {
    const { indexed, head } = await indexer.step()
    if (indexed === head) break
    expect(steps).toBeLessThan(500)
  }
  const counts = []
  for (const table of [models, copies, ledger]) counts.push((await db.select().from(table)).length)
  return counts
}

const everything = () => [modelCount, state.copies, expect.any(Number)]
const isLogs = ({ method }: Request) => method === 'eth_getLogs'
const blocksOf = ({ params: [filter] }: Request) => {
  const { fromBlock, toBlock } = filter as { fromBlock: string; toBlock: string }
  return Number(toBlock) - Number(fromBlock) + 1
}
const refuse = (code: number, message: string) => Object.assign(new Error(message), { code })

test('default: an RPC that allows three blocks at a time, and one that gives at most 250 logs', async () => {
  expect(
    await indexed(async (request, ask) => {
      if (isLogs(request) && blocksOf(request) > 3) throw refuse(-32602, 'block range is too wide')
      return ask(request)
    }),
  ).toEqual(everything())
  expect(
    await indexed(async (request, ask) => {
      const found = await ask(request)
      if (isLogs(request) && (found as unknown[]).length > 250)
        throw refuse(-32005, 'query returned more than 250 results')
      return found
    }),
  ).toEqual(everything())
})

test('behavior: an RPC that is busy, and one that does not answer at first', async () => {
  let refused = 0
  expect(
    await indexed(async (request, ask) => {
      if (isLogs(request) && refused++ < 3) throw refuse(429, 'Too Many Requests')
      return ask(request)
    }),
  ).toEqual(everything())
})

test('error: an RPC that refuses even one block ends the step with its own words', async () => {
  const { db } = database
  await clear(db)
  const indexer = openIndexer(
    chainWith(async (request, ask) => {
      if (isLogs(request)) throw refuse(-32000, 'the node has no logs')
      return ask(request)
    }),
    db,
  )
  await expect(indexer.step()).rejects.toThrow('the node has no logs')
  expect(await db.select().from(models)).toEqual([])
})

test('behavior: without times in logs, each block with logs is asked once', async () => {
  let asked = 0
  await indexed(async (request, ask) => {
    const found = await ask(request)
    if (request.method === 'eth_getBlockByNumber') asked++
    if (isLogs(request)) for (const log of found as { blockTimestamp?: string }[]) delete log.blockTimestamp
    return found
  })
  const blocks = Number(await honest.getBlockNumber({ cacheTime: 0 })) + 1
  expect(asked).toBeLessThan(2 * blocks)
})

test('behavior: a node that leaves out the newest logs is not believed', async () => {
  let lies = 2
  expect(
    await indexed(async (request, ask) => {
      const found = (await ask(request)) as { blockNumber: string }[]
      const [filter] = request.params as { address?: unknown; fromBlock?: string }[]
      const near = isLogs(request) && filter.fromBlock !== undefined && blocksOf(request) <= 16
      return near && lies-- > 0 ? [] : found
    }),
  ).toEqual(everything())
  // The range that was read was long: the lie has to be told about the head.
  await mine(business(state))
  let told = false
  expect(
    await indexed(async (request, ask) => {
      const found = (await ask(request)) as unknown[]
      if (!isLogs(request) || blocksOf(request) > 16 || told) {
        if (isLogs(request) && blocksOf(request) > 16) throw refuse(-32602, 'too wide')
        return found
      }
      told = true
      return []
    }),
  ).toEqual(everything())
  expect(told).toBe(true)
})

test('behavior: logs of another fork, of blocks that were not asked for, and removed ones are not believed', async () => {
  for (const lie of [{ blockHash: `0x${'ee'.repeat(32)}` }, { blockNumber: '0xffff' }, { removed: true }]) {
    let told = 0
    const found = await indexed(async (request, ask) => {
      const answer = (await ask(request)) as object[]
      if (!isLogs(request) || answer.length === 0 || told > 2) return answer
      told++
      return answer.map((log, i) => (i === answer.length - 1 ? { ...log, ...lie } : log))
    })
    expect(found).toEqual(everything())
  }
})

test('behavior: a fork that happens while a range is read is found, and nothing of it stays', async () => {
  const before = state.copies
  await mine(business(state))
  let forked = false
  const found = await indexed(async (request, ask) => {
    const answer = await ask(request)
    if (isLogs(request) && !forked) {
      forked = true
      await tools().request({ method: 'anvil_reorg' as never, params: [1, []] as never })
    }
    return answer
  })
  state = { ...state, copies: before }
  expect(found).toEqual(everything())
})

test('behavior: above the limit, transfers are found by topic, and those of anybody else’s token are left out', async () => {
  const mined = business(state)
  const [[clone, transfers]] = [...mined].slice(-1)
  await mine(new Map([...mined, [sharesOf(99), transfers]]))
  const chain = chainWith((request, ask) => ask(request))
  const head = Number(await honest.getBlockNumber({ cacheTime: 0 }))
  const ours = new Set(Array.from({ length: modelCount }, (_, i) => sharesOf(i + 1)))
  const byTopic = new ChainReader(chain, {
    list: async () => null,
    among: async (addresses) => new Set(addresses.filter((address) => ours.has(address))),
  })
  const range = await byTopic.next(head, head)
  const tokens = range?.logs.filter(({ address }) => !Object.values(contracts).includes(address))
  expect(tokens).toHaveLength(transfers.length)
  expect(new Set(tokens?.map(({ address }) => address))).toEqual(new Set([clone]))
  const listed = new ChainReader(chain, { list: async () => [...ours], among: async () => new Set() })
  expect((await listed.next(head, head))?.logs).toEqual(range?.logs)
})
