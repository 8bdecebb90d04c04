import 'server-only'
import { setTimeout as wait } from 'node:timers/promises'
import { and, eq, sql } from 'drizzle-orm'
import { usageLedgerAbi } from '../../chain/generated'
import type { CopyId } from '../../chain/ids'
import { copies, deployments, hostChecks, proberAccounts } from '../../db/schema'
import { KinmarkError } from '../../error'
import { log } from '../../log'
import { guardedFetch } from '../../outbound/guarded-fetch'
import { emptyPayerAccount, type PayerAccount, payerAccountSchema, payerAccountToJson } from '../../payer/account'
import { openPayer, type Payer } from '../../payer/payer'
import { publicOrigin } from '../../payer/public-origin'
import type { Market } from '../context/context'
import { localChainId } from '../read/get-chain-config'
import { type ProberWallet, proberWallet } from './prober-wallet'
import { type Speed, speedOf } from './speed-of'

const idleMs = 5_000
/** How often each host is looked at, and how often it is asked a paid question. */
const checkSeconds = 60
const measureSeconds = 600
/** Hosts at the same time. */
const atOnce = 8
const question = { messages: [{ role: 'user' as const, content: 'Count from one to twenty.' }], maxTokens: 48 }

type Deployment = typeof deployments.$inferSelect

/**
 * Looks at every open deployment of an active copy once a minute, while this process leads, and with the prober’s key asks
 * it a small question every ten minutes, which it pays for. What it saw goes into `host_checks`. Ends
 * when the process is asked to; errors are logged.
 */
export async function probeHosts(ctx: Market): Promise<void> {
  const wallet = ctx.env.proberKey ? proberWallet(ctx, ctx.env.proberKey) : null
  let failing = false
  const { signal } = ctx.stopping
  while (!signal.aborted) {
    await wait(idleMs, undefined, { signal }).catch(() => undefined)
    try {
      if (signal.aborted || !(await ctx.leader.leads())) continue
      const due = await dueDeployments(ctx)
      const failures: unknown[] = []
      for (let from = 0; from < due.length; from += atOnce) {
        const checks = await Promise.allSettled(due.slice(from, from + atOnce).map((one) => check(ctx, wallet, one)))
        // A host whose check cannot be stored must not keep the others from theirs.
        failures.push(...checks.flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])))
      }
      if (failures.length > 0) throw failures[0]
      failing = false
    } catch (error) {
      if (!failing) log.error({ err: error }, 'Prober: hosts could not be checked; it is tried again.')
      failing = true
    }
  }
}

type Due = { deployment: Deployment; measure: boolean }

async function dueDeployments({ db }: Market): Promise<Due[]> {
  const now = Math.floor(Date.now() / 1000)
  const last = (measured: boolean) =>
    sql<number>`coalesce((select max(${hostChecks.at}) from ${hostChecks} where ${hostChecks.copyId} = ${deployments.copyId} and ${hostChecks.number} = ${deployments.number} ${measured ? sql`and ${hostChecks.firstMs} is not null` : sql``}), 0)`
  const rows = await db
    .select({ deployment: deployments, checkedAt: last(false), measuredAt: last(true) })
    .from(deployments)
    .innerJoin(copies, eq(copies.id, deployments.copyId))
    .where(and(eq(deployments.open, true), eq(copies.state, 'active'), eq(copies.lost, false)))
  return rows
    .filter(({ checkedAt }) => now - Number(checkedAt) >= checkSeconds)
    .map(({ deployment, measuredAt }) => ({ deployment, measure: now - Number(measuredAt) >= measureSeconds }))
}

async function check(ctx: Market, wallet: ProberWallet | null, { deployment, measure }: Due): Promise<void> {
  const { copyId, number } = deployment
  const seen = await look(ctx, wallet, deployment, measure).catch((error) => {
    if (!(error instanceof KinmarkError)) log.warn({ err: error, copyId, number }, 'Prober: a check failed.')
    return { problem: error instanceof KinmarkError ? error.code : 'payer.unreachable' }
  })
  const at = Math.floor(Date.now() / 1000)
  await ctx.db
    .insert(hostChecks)
    .values({ copyId, number, at, ...seen })
    .onConflictDoNothing()
}

/** What a host says about itself and, with `measure`, how fast it answers. Throws what is wrong with it. */
async function look(ctx: Market, wallet: ProberWallet | null, deployment: Deployment, measure: boolean) {
  const local = ctx.deployment.chainId === localChainId
  if (!publicOrigin(deployment.url, local)) throw new KinmarkError('market.host-address', { url: deployment.url })
  const { copyId } = deployment
  const kept = await accountOf(ctx, copyId)
  const payer = openPayer({
    ...contractsOf(ctx),
    host: { ...deployment, copyId: BigInt(copyId) },
    user: wallet?.address ?? `0x${'0'.repeat(40)}`,
    key: ctx.env.proberKey ?? `0x${'1'.repeat(64)}`,
    account: () => kept.account,
    async store(account) {
      kept.account = account
      const value = { copyId, account: payerAccountToJson(account) }
      await ctx.db
        .insert(proberAccounts)
        .values(value)
        .onConflictDoUpdate({ target: proberAccounts.copyId, set: value })
    },
    budget: () => (wallet as ProberWallet).budget(copyId),
    maySign: (operator, epoch) => maySign(ctx, copyId, operator, epoch),
    fetch: guardedFetch(local ? 'loopback' : 'public'),
  })
  const { precision } = await payer.facts()
  if (!wallet || !measure || !(await canPay(wallet, copyId))) return { precision }
  return { precision, ...(await measured(payer)) }
}

/** Whether the prober’s money suffices. Where it does not, that is no fault of the host. */
async function canPay(wallet: ProberWallet, copyId: CopyId): Promise<boolean> {
  try {
    return (await wallet.budget(copyId)) > 0n
  } catch (error) {
    log.warn({ err: error, copyId }, 'Prober: no money could be reserved, so this host is not measured.')
    return false
  }
}

/** How fast a host answers. A host that answers no chats, or not this account, is not measured, and not at fault. */
async function measured(payer: Payer): Promise<Partial<Speed>> {
  try {
    await payer.sync()
    const signal = AbortSignal.timeout(60_000)
    const answer = await payer.ask({ ...question, model: await payer.model() }, { signal })
    await payer.settleUp()
    return speedOf(answer, question.maxTokens)
  } catch (error) {
    const { code, facts } = error as KinmarkError<'payer.refused'>
    if (code === 'payer.refused' && facts.status >= 400 && facts.status < 500) return {}
    throw error
  }
}

function contractsOf({ deployment: { chainId, contracts } }: Market) {
  return { chainId, userLedger: contracts.userLedger, usageLedger: contracts.usageLedger }
}

async function accountOf({ db }: Market, copyId: CopyId): Promise<{ account: PayerAccount }> {
  const [row] = await db.select().from(proberAccounts).where(eq(proberAccounts.copyId, copyId))
  return { account: row ? payerAccountSchema.parse(row.account) : emptyPayerAccount }
}

async function maySign({ client, deployment }: Market, copyId: CopyId, operator: `0x${string}`, epoch: bigint) {
  const { from, until } = await client.readContract({
    ...{ address: deployment.contracts.usageLedger, abi: usageLedgerAbi, functionName: 'keyTerms' },
    args: [BigInt(copyId), operator],
  })
  return until !== 0n && from <= epoch && epoch <= until
}
