import 'server-only'
import { and, desc, eq, gt, inArray } from 'drizzle-orm'
import type { Address, ContractFunctionReturnType } from 'viem'
import { protocolAbi, treasuryAbi } from '../../chain/generated'
import type { ModelId } from '../../chain/ids'
import { claims, holders, ledger, models } from '../../db/schema'
import { type Market, market } from '../context/context'
import { namesOf } from './model-summary'
import { epochLength, now, protocolTime } from './protocol-time'
import type { EarningLine, Earnings } from './views'

const lineLimit = 500
const shareSupply = 10n ** 24n
/** `Treasury` keeps earnings in ten-thousandths of a unit. */
const earningsScale = 10_000n

/** The account's earnings from indexed events, and from the chain what it can claim and what accrues. */
export async function earningsOf(account: Address): Promise<Earnings> {
  const ctx = await market()
  const own = await ownModels(ctx, account)
  const ids = own.map(({ id }) => id)
  const nameOf = await namesOf(ctx, ids)
  const read = treasuryOf(ctx)
  const clock = await readClock(ctx)
  return {
    account,
    models: await Promise.all(
      own.map(async ({ id, shares, claimed }) => ({
        id,
        name: nameOf(id),
        shares,
        claimed,
        claimable: await read.claimable(id, account),
        ...accruingOf(await read.earnings(id), shares, clock),
      })),
    ),
    credit: await read.credit(account),
    lines: await linesOf(ctx, ids),
  }
}

/** Models that the account holds shares of or has claimed from. */
async function ownModels({ db }: Market, account: Address) {
  const held = await db
    .select({ id: models.id, shares: holders.shares })
    .from(holders)
    .innerJoin(models, eq(models.shares, holders.token))
    .where(and(eq(holders.account, account), gt(holders.shares, 0n)))
  const claimed = await db.select().from(claims).where(eq(claims.account, account))
  const ids = [...new Set([...held.map(({ id }) => id), ...claimed.map(({ modelId }) => modelId)])]
  return ids.map((id) => ({
    id,
    shares: held.find((row) => row.id === id)?.shares ?? 0n,
    claimed: claimed.find((row) => row.modelId === id)?.amount ?? 0n,
  }))
}

async function linesOf({ db }: Market, ids: ModelId[]): Promise<EarningLine[]> {
  if (ids.length === 0) return []
  const rows = await db
    .select()
    .from(ledger)
    .where(inArray(ledger.modelId, ids))
    .orderBy(desc(ledger.block), desc(ledger.logIndex))
    .limit(lineLimit)
  const nameOf = await namesOf({ db }, [...ids, ...rows.flatMap(({ descendant }) => descendant ?? [])])
  return rows.map(({ modelId, kind, copyId, descendant, amount, at, tx }) => ({
    model: { id: modelId, name: nameOf(modelId) },
    source:
      kind === 'copy' && copyId
        ? { kind, copyId }
        : kind === 'royalty' && descendant
          ? { kind, descendant: { id: descendant, name: nameOf(descendant) } }
          : { kind: kind === 'usage' ? 'usage' : 'payment' },
    amount,
    at,
    tx,
  }))
}

type Clock = { time: bigint; epochLength: bigint; frozen: bigint }

/** Protocol time now, and how far it is behind Unix time because of pauses. */
async function readClock(ctx: Market): Promise<Clock> {
  const { client, deployment } = ctx
  const protocol = { address: deployment.contracts.protocol, abi: protocolAbi } as const
  const { number: blockNumber, timestamp } = await client.getBlock()
  const [time, atBlock, length] = await Promise.all([
    protocolTime(ctx),
    client.readContract({ ...protocol, functionName: 'time', blockNumber }),
    epochLength(ctx),
  ])
  return { time, epochLength: length, frozen: timestamp - atBlock }
}

type ChainEarnings = ContractFunctionReturnType<typeof treasuryAbi, 'view', 'earnings'>

/** The shares’ part of what has yet to accrue: the rest of this epoch’s stream, and what accrues in the next. */
function accruingOf({ streaming, pending }: ChainEarnings, shares: bigint, { time, epochLength, frozen }: Clock) {
  const left = streaming - (streaming * (time % epochLength)) / epochLength + pending
  const whole = shareSupply * earningsScale
  const accruing = (left * shares + whole - 1n) / whole
  const end = (time / epochLength + (pending > 0n ? 2n : 1n)) * epochLength
  return { accruing, accruesUntil: accruing > 0n ? Number(end + frozen) : null }
}

function treasuryOf({ client, deployment }: Market) {
  const contract = { address: deployment.contracts.treasury, abi: treasuryAbi, blockTag: now } as const
  return {
    claimable: (id: ModelId, account: Address) =>
      client.readContract({ ...contract, functionName: 'claimable', args: [BigInt(id), account] }),
    earnings: (id: ModelId) => client.readContract({ ...contract, functionName: 'earnings', args: [BigInt(id)] }),
    credit: (account: Address) => client.readContract({ ...contract, functionName: 'credit', args: [account] }),
  }
}
