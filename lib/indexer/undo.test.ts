import { getTableName } from 'drizzle-orm'
import { type Abi, type Address, getAddress, zeroHash } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addressOf } from '../../bench/index/emitter'
import { business, type Calls, contracts, newBusiness, registrations, sharesOf } from '../../bench/index/events'
import { openTestDatabase } from '../../test/database'
import { eventLog } from '../../test/fixtures/event-log'
import { copyRegistryAbi, minterRegistryAbi, modelRegistryAbi, modelSharesAbi } from '../chain/generated'
import type { Database } from '../db/open'
import { blocks, undo, versions } from '../db/schema'
import { apply } from './apply'
import type { RawLog } from './decode'
import { appended, changing } from './tables'
import { forgetUpTo, undoAfter } from './undo'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database?.close())

/** A block's calls as the logs that its chain would have. */
function logsOf(block: number, calls: Calls): RawLog[] {
  const logs = [...calls].flatMap(([address, emitted]) => emitted.map((log) => ({ ...log, address })))
  return logs.map((log, logIndex) => ({ ...log, block, logIndex, at: 1_800_000_000 + block }))
}

/** What `business` has not: minters and their bonds, votes, delegations, and refused deliveries. Each block changes rows of others. */
function others(block: number) {
  const minter = getAddress(addressOf('minter', 1 + (block % 2)))
  const [holder, delegate] = [block % 3, block % 4].map((id) => getAddress(addressOf('person', id)))
  const log = (address: Address, abi: Abi) => (name: string, args: object) =>
    [address, eventLog({ address, abi, index: 0 }, name, args)] as const
  const registry = log(contracts.minterRegistry, minterRegistryAbi)
  const copies = log(contracts.copyRegistry, copyRegistryAbi)
  const shares = log(sharesOf(1), modelSharesAbi)
  const emitted = [
    registry('BondAdded', { minter, amount: 5n, bond: BigInt(block) }),
    registry(block % 3 === 0 ? 'Leaving' : 'Joined', { minter, notBefore: 7n }),
    registry('Penalized', { minter, buyer: holder, amount: 1n, bond: BigInt(block) }),
    shares('DelegateChanged', { delegator: holder, fromDelegate: holder, toDelegate: delegate }),
    shares('DelegateVotesChanged', { delegate, previousVotes: 0n, newVotes: BigInt(block) }),
    copies('DeliveryRefused', { id: 1n, reason: 1 + (block % 5), evidence: `block ${block}`, answerDeadline: 9n }),
    copies('Slashed', {
      ...{ id: 2n, court: holder, offence: zeroHash },
      ...{ taken: 1n, bounty: 0n, left: BigInt(block) },
    }),
  ]
  return emitted
}

/** Every row of every cached table, in one order. */
async function contents() {
  const found: Record<string, unknown[]> = {}
  for (const table of [...appended, ...changing]) {
    const rows = (await database.db.select().from(table)) as object[]
    const text = (row: object) => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))
    found[getTableName(table)] = rows.map(text).sort()
  }
  return found
}

test('default: whatever blocks changed, undoing them gives the tables from before', async () => {
  const state = newBusiness(8)
  const chain = [...registrations(8)].map((calls, i) => logsOf(i, calls))
  for (let block = chain.length; block < 12; block++) {
    const first = logsOf(block, business(state))
    const rest = others(block).map(([address, log], i) => ({
      ...{ ...log, address, block, logIndex: first.length + i, at: 1_800_000_000 + block },
    }))
    chain.push([...first, ...rest])
  }
  const { db } = database
  const seen = []
  for (const logs of chain) {
    await apply(logs, db, contracts, -1)
    seen.push(await contents())
  }
  expect(seen.at(-1)?.copies).toHaveLength(110)
  for (const table of ['minters', 'votes', 'delegations', 'copy_events'])
    expect(seen.at(-1)?.[table].length, table).toBeGreaterThan(1)
  for (const last of [9, 4, 0]) {
    await undoAfter(db, last)
    expect(await contents()).toEqual(seen[last])
  }
  // The same blocks at once give the same tables as one after the other.
  await apply(chain.slice(1).flat(), db, contracts, -1)
  expect(await contents()).toEqual(seen.at(-1))
  await undoAfter(db, 6)
  expect(await contents()).toEqual(seen[6])
})

test('behavior: what did not come from the chain stays while a block that changed its row is undone', async () => {
  const { db } = database
  const metadata = { name: 'kept' } as never
  await db.update(versions).set({ metadata })
  const root = `0x${'ab'.repeat(32)}` as const
  const place = { address: contracts.modelRegistry, abi: modelRegistryAbi, index: 50 }
  await apply([eventLog(place, 'KeyPoolSet', { id: 1n, version: 1, root })], db, contracts, 20)
  expect(await db.select().from(versions)).toContainEqual(expect.objectContaining({ keyPoolRoot: root, metadata }))
  await undoAfter(db, 49)
  expect(await db.select().from(versions)).toEqual(
    Array(8).fill(expect.objectContaining({ keyPoolRoot: null, metadata })),
  )
})

test('behavior: final blocks cannot be undone, and nothing is kept for it', async () => {
  const { db } = database
  await db.insert(blocks).values([3, 6, 7].map((number) => ({ number, hash: '0xab' as const })))
  await forgetUpTo(db, 6)
  expect((await db.select().from(blocks)).map(({ number }) => number).sort()).toEqual([6, 7])
  expect(await db.select().from(undo)).toEqual([])
})
