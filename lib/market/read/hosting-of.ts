import 'server-only'
import { and, desc, eq, inArray } from 'drizzle-orm'
import type { Address, Hex } from 'viem'
import { challengeCourtAbi, copyRegistryAbi, protocolAbi, usageLedgerAbi, userLedgerAbi } from '../../chain/generated'
import type { CopyId } from '../../chain/ids'
import { unitsCovered } from '../../chain/units-covered'
import { copies, deployments, hostPayments, reports } from '../../db/schema'
import { publicOrigin } from '../../payer/public-origin'
import { type Market, market } from '../context/context'
import { localChainId } from './get-chain-config'
import { challengeEvents, recordsOf } from './hosts'
import { namesOf } from './model-summary'
import { epochLength, protocolTime } from './protocol-time'
import type { CopyUsage, HostChallenge, HostedCopy, Hosting } from './views'

const mostCopies = 50
/** Reports and payments of each copy that are shown. */
const newest = 60

/** All that an account hosts, read from the tables and, where money may move at any time, from the chain. */
export async function hostingOf(account: Address): Promise<Hosting> {
  const ctx = await market()
  const { client, deployment, db } = ctx
  const owned = await db
    .select()
    .from(copies)
    .where(and(eq(copies.buyer, account), inArray(copies.state, ['active', 'closing'])))
    .orderBy(desc(copies.orderedAt), desc(copies.id))
    .limit(mostCopies)
  const users = { address: deployment.contracts.userLedger, abi: userLedgerAbi } as const
  const [time, length, balance, nameOf, events, records, opened] = await Promise.all([
    protocolTime(ctx),
    epochLength(ctx),
    client.readContract({ ...users, functionName: 'balanceOf', args: [account] }),
    namesOf(
      ctx,
      owned.map(({ modelId }) => modelId),
    ),
    challengeEvents(ctx),
    recordsOf(
      ctx,
      owned.map(({ id }) => id),
    ),
    deploymentsOf(
      ctx,
      owned.map(({ id }) => id),
    ),
  ])
  const local = deployment.chainId === localChainId
  const hosted = await Promise.all(
    owned.map(async ({ id, modelId, lost }): Promise<HostedCopy> => {
      const own = opened.filter(({ copyId }) => copyId === id)
      return {
        ...{ copyId: id, model: { id: modelId, name: nameOf(modelId) }, lost },
        ...(await coverOf(ctx, id)),
        deployments: own.map(({ copyId, number, operator, url, price, open, openedAt }) => ({
          ...{ copyId, number, operator, url, price, open, openedAt },
          origin: publicOrigin(url, local),
          record: records.get(`${copyId} ${number}`) ?? null,
        })),
        reports: await reportsOf(ctx, id),
        payments: await paymentsOf(ctx, id),
        challenges: await challengesOf(
          ctx,
          events.filter(({ copyId }) => copyId === id),
        ),
      }
    }),
  )
  hosted.sort((a, b) => Number(b.deployments.length > 0) - Number(a.deployments.length > 0))
  return { account, time: Number(time), epochLength: Number(length), balance, copies: hosted }
}

/** What a copy has reported and settled; null where it was never served. */
export async function usageOf(id: CopyId): Promise<CopyUsage | null> {
  const ctx = await market()
  const [opened] = await deploymentsOf(ctx, [id])
  if (!opened) return null
  const [time, length, cover, reported, settled] = await Promise.all([
    protocolTime(ctx),
    epochLength(ctx),
    coverOf(ctx, id),
    reportsOf(ctx, id),
    paymentsOf(ctx, id),
  ])
  return { epoch: Number(time / length), ...cover, reports: reported, payments: settled }
}

function deploymentsOf({ db }: Market, ids: CopyId[]) {
  if (ids.length === 0) return Promise.resolve([])
  return db.select().from(deployments).where(inArray(deployments.copyId, ids)).orderBy(desc(deployments.number))
}

/** What covers the reports of a copy, from the chain. */
async function coverOf({ client, deployment: { contracts } }: Market, id: CopyId) {
  const copyId = BigInt(id)
  const usage = { address: contracts.usageLedger, abi: usageLedgerAbi } as const
  const args = [copyId] as const
  const [served, { escrow }, owed, owedUntil, locked, factor] = await Promise.all([
    client.readContract({ address: contracts.copyRegistry, abi: copyRegistryAbi, functionName: 'served', args }),
    client.readContract({ ...usage, functionName: 'escrows', args }),
    client.readContract({ ...usage, functionName: 'owed', args }),
    client.readContract({ ...usage, functionName: 'owedUntil', args }),
    client.readContract({ ...usage, functionName: 'locked', args }),
    client.readContract({ address: contracts.protocol, abi: protocolAbi, functionName: 'feeCollateralFactor' }),
  ])
  const cover = { collateral: BigInt(served.collateral), fee: BigInt(served.fee), escrow, owed, locked }
  return {
    ...cover,
    owedUntil: owedUntil === 0n ? null : Number(owedUntil),
    unitsCovered: unitsCovered({ ...cover, lockFactor: BigInt(factor) }),
  }
}

async function reportsOf({ db }: Market, id: CopyId) {
  const { epoch, receipts, units, fee, at, tx } = reports
  const shown = { epoch, receipts, units, fee, at, tx }
  return db.select(shown).from(reports).where(eq(reports.copyId, id)).orderBy(desc(epoch)).limit(newest)
}

async function paymentsOf({ db }: Market, id: CopyId) {
  const { units, fees, earned, at, tx, block, logIndex } = hostPayments
  return db
    .select({ units, fees, earned, at, tx })
    .from(hostPayments)
    .where(eq(hostPayments.copyId, id))
    .orderBy(desc(block), desc(logIndex))
    .limit(newest)
}

type Event = Awaited<ReturnType<typeof challengeEvents>>[number]

/** Challenges of one copy, the newest first. */
async function challengesOf({ client, deployment }: Market, events: Event[]): Promise<HostChallenge[]> {
  const court = { address: deployment.contracts.challengeCourt, abi: challengeCourtAbi } as const
  const hashOf = ({ args }: Event): Hex | undefined => ('receiptHash' in args ? args.receiptHash : undefined)
  const opened = events.flatMap((event) => (event.name === 'Challenged' && 'epoch' in event.args ? [event] : []))
  const found = await Promise.all(
    opened.map(async (event): Promise<HostChallenge> => {
      const hash = hashOf(event) as Hex
      const answer = events.find((each) => each.name === 'Answered' && hashOf(each) === hash)
      const { epoch, index, copyId } = event.args as { epoch: bigint; index: bigint; copyId: bigint }
      const [{ state }, until, offence] = await Promise.all([
        client.readContract({ ...court, functionName: 'challenges', args: [hash] }),
        client.readContract({ ...court, functionName: 'answerDeadline', args: [copyId, hash] }),
        client.readContract({ ...court, functionName: 'offenceOf', args: [copyId, epoch, index] }),
      ])
      const convicted = events.find(
        ({ name, args }) => name === 'Convicted' && 'offence' in args && args.offence === offence,
      )
      const isOpen = state === 1
      return {
        ...{ epoch: Number(epoch), index: Number(index), at: event.at, tx: event.tx },
        state: answer ? 'answered' : isOpen ? 'open' : 'convicted',
        until: isOpen ? Number(until) : null,
        endTx: (answer ?? convicted)?.tx ?? null,
      }
    }),
  )
  return found.reverse()
}
