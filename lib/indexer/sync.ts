import { asc, desc, eq, gt } from 'drizzle-orm'
import { type Address, getAddress, type Hex, type PublicClient } from 'viem'
import type { Db } from '../db/open'
import {
  ancestors,
  blocks,
  claims,
  copies,
  edges,
  enteredAncestors,
  holders,
  hostPayments,
  ledger,
  logs,
  meta,
  models,
  namedMinters,
  originBonds,
  reservations,
  settlements,
  userBalances,
  versions,
} from '../db/schema'
import { apply } from './apply'
import { type Contracts, decode, type RawLog } from './decode'

export type Chain = { client: PublicClient; chainId: number; firstBlock: number; contracts: Contracts }

/** `rewound`: the chain no longer has some indexed blocks, and their effects were removed. */
export type Synced = { head: number; newLogs: number; rewound: boolean }

const rangeBlocks = 2000
const projection = [
  ...[models, versions, edges, ancestors, copies, holders, ledger, claims],
  ...[userBalances, reservations, settlements, hostPayments],
  ...[namedMinters, enteredAncestors, originBonds],
]

/**
 * One step towards the chain’s head: removes the effects of blocks that the chain no longer has (a reorg, a roll-back, a
 * new chain), then indexes one range of new blocks. Call it again until `newLogs` is 0 and `rewound` is false.
 */
export async function sync(chain: Chain, db: Db): Promise<Synced> {
  const replaced = await isOtherDeployment(chain, db)
  const ancestor = replaced ? null : await lastCommonBlock(chain, db)
  const [newest] = await db.select().from(blocks).orderBy(desc(blocks.number)).limit(1)
  const rewound = newest !== undefined && newest.number !== ancestor
  if (rewound || replaced) await rewind(chain, db, ancestor ?? -1)

  const from = ancestor === null ? chain.firstBlock : ancestor + 1
  const head = Number(await chain.client.getBlockNumber({ cacheTime: 0 }))
  if (from > head) return { head, newLogs: 0, rewound }
  const to = Math.min(head, from + rangeBlocks - 1)
  const before = await hashOf(chain, to)
  const found = await logsBetween(chain, db, from, to)
  if (before === null || before !== (await hashOf(chain, to))) return { head, newLogs: 0, rewound }

  await db.transaction(async (tx) => {
    for (const { blockHash: _, ...log } of found) {
      await tx.insert(logs).values(log)
      await apply(log, tx, chain.contracts)
    }
    const seen = new Map(found.map((log) => [log.block, log.blockHash]))
    seen.set(to, before)
    const rows = [...seen].map(([number, hash]) => ({ number, hash }))
    await tx.insert(blocks).values(rows)
  })
  return { head, newLogs: found.length, rewound }
}

/** Whether the tables describe another deployment. Remembers this one. */
async function isOtherDeployment(chain: Chain, db: Db): Promise<boolean> {
  const value = `${chain.chainId} ${chain.contracts.modelRegistry} ${chain.contracts.copyRegistry}`
  const [known] = await db.select().from(meta).where(eq(meta.key, 'deployment'))
  if (known?.value === value) return false
  await db.insert(meta).values({ key: 'deployment', value }).onConflictDoUpdate({ target: meta.key, set: { value } })
  return known !== undefined
}

/** Null when the chain has no such block. */
async function hashOf({ client }: Chain, number: number): Promise<Hex | null> {
  return client.getBlock({ blockNumber: BigInt(number) }).then(
    (block) => block.hash,
    (error) => {
      if (error instanceof Error && error.name === 'BlockNotFoundError') return null
      throw error
    },
  )
}

/** The newest indexed block that the chain still has; null when there is none. */
async function lastCommonBlock(chain: Chain, db: Db): Promise<number | null> {
  const known = await db.select().from(blocks).orderBy(desc(blocks.number))
  for (const block of known) if ((await hashOf(chain, block.number)) === block.hash) return block.number
  return null
}

/** Removes all blocks after `ancestor` and rebuilds the tables from the logs that remain. */
async function rewind(chain: Chain, db: Db, ancestor: number): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.delete(logs).where(gt(logs.block, ancestor))
    await tx.delete(blocks).where(gt(blocks.number, ancestor))
    for (const table of projection) await tx.delete(table)
    const remaining = await tx.select().from(logs).orderBy(asc(logs.block), asc(logs.logIndex))
    for (const log of remaining) await apply(log, tx, chain.contracts)
  })
}

type FoundLog = RawLog & { blockHash: Hex }

/** The logs of our contracts in order, including those of shares that were created within the range. */
async function logsBetween(chain: Chain, db: Db, from: number, to: number): Promise<FoundLog[]> {
  const known = await db.select({ shares: models.shares }).from(models)
  const own = [...Object.values(chain.contracts), ...known.map(({ shares }) => shares)]
  const first = await read(chain, own, from, to)
  const newShares = first.flatMap((log) => {
    const event = decode(log, chain.contracts)
    return event?.from === 'models' && event.eventName === 'Registered' ? [event.args.shares] : []
  })
  const second = newShares.length > 0 ? await read(chain, newShares, from, to) : []
  return [...first, ...second].sort((a, b) => a.block - b.block || a.logIndex - b.logIndex)
}

async function read({ client }: Chain, address: Address[], from: number, to: number): Promise<FoundLog[]> {
  const found = await client.getLogs({ address, fromBlock: BigInt(from), toBlock: BigInt(to) })
  const numbers = new Set(found.map((log) => log.blockNumber))
  const times = new Map<bigint, number>()
  for (const blockNumber of numbers) {
    const block = await client.getBlock({ blockNumber })
    times.set(blockNumber, Number(block.timestamp))
  }
  return found.map((log) => ({
    block: Number(log.blockNumber),
    blockHash: log.blockHash,
    logIndex: log.logIndex,
    at: times.get(log.blockNumber) ?? 0,
    tx: log.transactionHash,
    address: getAddress(log.address),
    topics: log.topics,
    data: log.data,
  }))
}
