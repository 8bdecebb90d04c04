import 'server-only'
import { and, desc, eq, sql } from 'drizzle-orm'
import { encodeEventTopics, type Hex } from 'viem'
import { caseCourtAbi, keyLedgerAbi, modelRegistryAbi, parentCasesAbi } from '../../chain/generated'
import { toCopyId } from '../../chain/ids'
import { descentOf } from '../../chain/origin'
import { caseKinds } from '../../chain/states'
import { logs } from '../../db/schema'
import { eighthOf, openedKeys, pooledKeys } from '../../fingerprint/keyset/opened-keys'
import { decode } from '../../indexer/decode'
import type { Opening } from '../../minting/opening'
import { type Market, market } from '../context/context'
import { now, protocolTime } from '../read/protocol-time'
import { mintedCopy } from './minted-copy'
import { preparationOf } from './preparation-of'

/** Keys in one transaction, so that it fits into a block. */
const batch = 32
/** Drawings among the newest that may wait for their keys. */
const newest = 50

const [drawn] = encodeEventTopics({ abi: caseCourtAbi, eventName: 'Drawn' })

/**
 * The next keys of a drawn eighth that are to be opened, of one of our copies or of one of our key pools; null if there are
 * none. They wait until enough jurors have shown that they accept: before, the accused could answer them otherwise, and
 * nobody learns them by a case without evidence.
 */
export async function nextOpening(): Promise<Opening | null> {
  const ctx = await market()
  const { caseCourt } = ctx.deployment.contracts
  const rows = await ctx.db
    .select()
    .from(logs)
    .where(and(eq(logs.address, caseCourt), sql`${logs.topics}[1] = ${drawn}`))
    .orderBy(desc(logs.block), desc(logs.logIndex))
    .limit(newest)
  if (rows.length === 0) return null
  const time = await protocolTime(ctx)
  for (const row of rows) {
    const event = decode(row, ctx.chain.contracts)
    if (event?.from !== 'cases' || event.eventName !== 'Drawn') continue
    const { id, round, eighth, commitUntil, revealUntil } = event.args
    if (time <= commitUntil || time > revealUntil || !(await accepts(ctx, id, round))) continue
    const opening = await openingOf(ctx, id, eighth)
    if (opening) return opening
  }
  return null
}

/** Whether two thirds of a panel's seats have accepted, so that only the keys are missing. */
async function accepts(ctx: Market, id: bigint, round: number): Promise<boolean> {
  const { accepts, seats } = await ctx.client.readContract({
    address: ctx.deployment.contracts.caseCourt,
    abi: caseCourtAbi,
    functionName: 'rounds',
    args: [id, round],
    blockTag: now,
  })
  return accepts * 3 >= seats * 2
}

async function openingOf(ctx: Market, id: bigint, eighth: number): Promise<Opening | null> {
  const { kind, subject, target } = await ctx.client.readContract({
    address: ctx.deployment.contracts.caseCourt,
    abi: caseCourtAbi,
    functionName: 'cases',
    args: [id],
  })
  if (caseKinds[kind] === 'leak') return openingOfCopy(ctx, subject, eighth)
  if (caseKinds[kind] === 'parent') return openingOfPool(ctx, target, eighth)
  return null
}

async function openingOfCopy(ctx: Market, subject: bigint, eighth: number): Promise<Opening | null> {
  const { client, deployment } = ctx
  const copyId = toCopyId(subject)
  const minted = await mintedCopy(ctx, copyId)
  if (!minted) return null
  const [opened] = await client.readContract({
    address: deployment.contracts.keyLedger,
    abi: keyLedgerAbi,
    functionName: 'progress',
    args: [subject, eighth],
    blockTag: now,
  })
  const { from, to } = eighthOf(minted.preparation.keys.gaps.length, eighth)
  const first = from + opened
  if (first >= to) return null
  return {
    kind: 'leak',
    copyId,
    eighth,
    ...openedKeys(minted.preparation, minted.copy, first, Math.min(first + batch, to)),
  }
}

/** Keys of the ancestor that a case about a parent names; null unless its pool is of our making. */
async function openingOfPool(ctx: Market, target: Hex, eighth: number): Promise<Opening | null> {
  const { client, deployment } = ctx
  const { parentCases, modelRegistry } = deployment.contracts
  const { ancestor: modelId, ancestorVersion: version } = descentOf(target)
  const pool = [BigInt(modelId), version] as const
  const [opened, wanted] = await client.readContract({
    address: parentCases,
    abi: parentCasesAbi,
    functionName: 'progress',
    args: [...pool, eighth],
    blockTag: now,
  })
  if (wanted > 0 && opened === wanted) return null
  const preparation = await preparationOf(ctx, modelId, version)
  if (!preparation) return null
  const { from, to } = eighthOf(preparation.keys.gaps.length, eighth)
  const first = from + opened
  if (first >= to) return null
  const committed = await client.readContract({
    address: modelRegistry,
    abi: modelRegistryAbi,
    functionName: 'keyPool',
    args: pool,
  })
  const { root, count, keys } = pooledKeys(preparation, first, Math.min(first + batch, to))
  return root === committed.root ? { kind: 'parent', modelId, version, eighth, count, keys } : null
}
