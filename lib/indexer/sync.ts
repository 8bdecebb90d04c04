import { desc, eq, inArray, lte } from 'drizzle-orm'
import type { Hex } from 'viem'
import type { Db } from '../db/open'
import { blocks, clones, governors, meta } from '../db/schema'
import { apply } from './apply'
import { type Chain, ChainReader, type Clones, type Header, type Range } from './chain-reader'
import { clear, forgetUpTo, undoAfter } from './undo'

export type { Chain } from './chain-reader'

/**
 * `final`: the newest indexed block that stays; -1 where none is known. `rewound`: the chain no longer has some indexed blocks, and their effects
 * were removed.
 */
export type Synced = { head: number; indexed: number | null; final: number; newLogs: number; rewound: boolean }

/** Most logs in one transaction. */
const batchLogs = 5_000
/** Blocks between two looks at which blocks are final. */
const finalEvery = 64

export type Indexer = {
  /**
   * One step towards the chain’s head: removes the effects of blocks that the chain no longer has (a reorg, a roll-back, a
   * new chain), then indexes one range of new blocks. Call it again until `indexed` is `head`.
   */
  step(): Promise<Synced>
}

export function openIndexer(chain: Chain, db: Db): Indexer {
  const reader = new ChainReader(chain, clonesIn(db))
  /** The range after the one that is being written, which is read meanwhile. */
  let ahead: { from: number; range: Promise<Range | null> } | null = null
  let final = { block: -1, asOf: -1 }

  const finalAt = async (head: number) => {
    if (final.asOf < 0 || head < final.asOf || head >= final.asOf + finalEvery)
      final = { block: await reader.final(head), asOf: head }
    return final.block
  }

  const take = (from: number, head: number) => {
    const taken = ahead?.from === from ? ahead.range : reader.next(from, head)
    ahead = null
    return taken
  }

  const readAhead = (from: number, head: number) => {
    if (from > head) return
    const range = reader.next(from, head)
    // Its error is thrown when it is taken.
    range.catch(() => {})
    ahead = { from, range }
  }

  return {
    async step() {
      const head = await reader.head()
      const replaced = await replaceDeployment(chain, db)
      const newest = await newestBlock(db)
      if (replaced) ahead = null
      if (newest && !(await isOn(reader, head, newest))) {
        ahead = null
        await rewind(reader, db)
        const left = (await newestBlock(db))?.number ?? null
        return { head: head.number, indexed: left, final: -1, newLogs: 0, rewound: true }
      }
      const from = newest ? newest.number + 1 : chain.firstBlock
      const final = await finalAt(head.number)
      const settled = (indexed: number) => Math.min(indexed, final)
      const indexed = newest?.number ?? null
      const nothing = { head: head.number, indexed, final: settled(indexed ?? -1), newLogs: 0, rewound: replaced }
      if (from > head.number) return nothing
      const range = await take(from, head.number)
      // The next step finds out what the chain did.
      if (!range || (newest && range.from.parentHash !== newest.hash)) return nothing
      readAhead(range.to.number + 1, head.number)
      await write(db, chain, range, final, newest)
      const { number } = range.to
      return {
        head: head.number,
        indexed: number,
        final: settled(number),
        newLogs: range.logs.length,
        rewound: replaced,
      }
    },
  }
}

/** Writes a range in transactions of whole blocks. Their hashes say how far it came. */
async function write(db: Db, chain: Chain, range: Range, final: number, newest: Known | undefined): Promise<void> {
  const { logs, hashes, to } = range
  let last = newest?.number
  for (let from = 0; ; ) {
    let end = Math.min(from + batchLogs, logs.length)
    while (end < logs.length && logs[end].block === logs[end - 1].block) end++
    const batch = logs.slice(from, end)
    const seen = new Set(batch.map(({ block }) => block))
    if (end === logs.length) seen.add(to.number)
    const settled = Math.max(...[...seen].filter((block) => block <= final))
    const kept = [...seen].filter((block) => block > final || block === settled)
    await db.transaction(async (tx) => {
      await requireNewest(tx, last)
      await apply(batch, tx, chain.contracts, final)
      await tx.insert(blocks).values(kept.map((number) => ({ number, hash: hashes.get(number) as Hex })))
      await forgetUpTo(tx, final)
    })
    last = Math.max(...seen)
    from = end
    if (from >= logs.length) return
  }
}

/** Throws where another process has written blocks meanwhile: no log is applied twice. */
async function requireNewest(tx: Db, last: number | undefined): Promise<void> {
  await tx.select().from(meta).where(eq(meta.key, 'deployment')).for('update')
  const found = (await newestBlock(tx))?.number
  if (found !== last)
    throw new Error(`Another process indexes this database too: block ${found} is newer than ${last}.`)
}

async function newestBlock(db: Db) {
  const [newest] = await db.select().from(blocks).orderBy(desc(blocks.number)).limit(1)
  return newest as typeof newest | undefined
}

type Known = typeof blocks.$inferSelect

/** Whether the chain still has this block. The head often answers without a question. */
async function isOn(reader: ChainReader, head: Header, { number, hash }: Known): Promise<boolean> {
  if (head.number === number) return head.hash === hash
  if (head.number === number + 1) return head.parentHash === hash
  return (await reader.header(number))?.hash === hash
}

/** Undoes the blocks that the chain no longer has, or everything where none of those that can be undone is left. */
async function rewind(reader: ChainReader, db: Db): Promise<void> {
  const common = await lastCommonBlock(reader, db)
  await db.transaction(async (tx) => {
    await tx.select().from(meta).where(eq(meta.key, 'deployment')).for('update')
    await (common === null ? clear(tx) : undoAfter(tx, common))
  })
}

/** The newest indexed block that the chain still has; null when there is none. Asks for more blocks at once each time. */
async function lastCommonBlock(reader: ChainReader, db: Db): Promise<number | null> {
  let below = Number.MAX_SAFE_INTEGER
  for (let size = 4; ; size *= 4) {
    const known = await db
      .select()
      .from(blocks)
      .where(lte(blocks.number, below))
      .orderBy(desc(blocks.number))
      .limit(size)
    if (known.length === 0) return null
    const held = await Promise.all(known.map(({ number }) => reader.header(number)))
    const common = known.find(({ hash }, i) => held[i]?.hash === hash)
    if (common) return common.number
    below = known[known.length - 1].number - 1
  }
}

/** Empties the tables if they describe another deployment than this one. */
async function replaceDeployment(chain: Chain, db: Db): Promise<boolean> {
  const value = `${chain.chainId} ${chain.contracts.modelRegistry} ${chain.contracts.copyRegistry}`
  const [known] = await db.select().from(meta).where(eq(meta.key, 'deployment'))
  if (known?.value === value) return false
  await db.transaction(async (tx) => {
    if (known) await clear(tx)
    await tx.insert(meta).values({ key: 'deployment', value }).onConflictDoUpdate({ target: meta.key, set: { value } })
  })
  return known !== undefined
}

function clonesIn(db: Db): Clones {
  return {
    async list(limit) {
      const all = (await db.$count(clones)) + (await db.$count(governors))
      if (all > limit) return null
      const shares = await db.select({ address: clones.shares }).from(clones)
      const voting = await db.select({ address: governors.governor }).from(governors)
      return [...shares, ...voting].map(({ address }) => address)
    },
    async among(addresses) {
      if (addresses.length === 0) return new Set()
      const shares = await db.select({ address: clones.shares }).from(clones).where(inArray(clones.shares, addresses))
      const voting = await db
        .select({ address: governors.governor })
        .from(governors)
        .where(inArray(governors.governor, addresses))
      return new Set([...shares, ...voting].map(({ address }) => address))
    },
  }
}
