import 'server-only'
import { and, asc, desc, eq, sql } from 'drizzle-orm'
import { type Address, numberToHex, pad, zeroAddress } from 'viem'
import type { CaseId } from '../../chain/case'
import { caseCourtAbi, keyLedgerAbi, parentCasesAbi, protocolAbi, proverRegistryAbi } from '../../chain/generated'
import { type CopyId, type ModelId, toCopyId, toModelId } from '../../chain/ids'
import { descentOf } from '../../chain/origin'
import { type CaseKind, caseKinds, caseStages, verdicts } from '../../chain/states'
import { logs } from '../../db/schema'
import { decode } from '../../indexer/decode'
import { type Market, market } from '../context/context'
import type { CaseEvent, CaseSummary, CaseView, ChallengeEvent, GuardedLaunch, ProverView } from './views'

const newest = 50

/** Whether the launch is guarded, and by whom. */
export async function guardedLaunch(): Promise<GuardedLaunch> {
  const { client, deployment } = await market()
  const protocol = { address: deployment.contracts.protocol, abi: protocolAbi } as const
  const [guarded, council, caseCap] = await Promise.all([
    client.readContract({ ...protocol, functionName: 'guarded' }),
    client.readContract({ ...protocol, functionName: 'council' }),
    client.readContract({ ...protocol, functionName: 'caseCap' }),
  ])
  return { guarded, council, caseCap }
}

/** The newest cases. */
export async function listCases(): Promise<CaseSummary[]> {
  const ctx = await market()
  const total = Number(await ctx.client.readContract({ ...courtOf(ctx), functionName: 'totalCases' }))
  const ids = Array.from({ length: Math.min(total, newest) }, (_, i) => total - i)
  return Promise.all(ids.map(async (id) => summaryOf(String(id), await readCase(ctx, BigInt(id)))))
}

/** Cases about one copy or model, newest first. */
export async function casesAbout(subject: CaseSummary['subject']): Promise<CaseSummary[]> {
  const ctx = await market()
  const value = BigInt('copy' in subject ? subject.copy : subject.model)
  const events = await logsOf(ctx, ctx.deployment.contracts.caseCourt, { topic: 2, value })
  const ids = events.flatMap(({ event }) => {
    if (event?.from !== 'cases' || event.eventName !== 'Opened') return []
    return isAboutModel(event.args.kind) === 'model' in subject ? [event.args.id] : []
  })
  return Promise.all(ids.reverse().map(async (id) => summaryOf(String(id), await readCase(ctx, id))))
}

/** A case with its panels and everything that happened in it. */
export async function getCase(id: CaseId): Promise<CaseView | null> {
  const ctx = await market()
  const trial = await readCase(ctx, BigInt(id))
  if (caseStages[trial.stage] === 'none') return null
  const court = courtOf(ctx)
  const [firstRound, secondRound, openers, happened] = await Promise.all([
    ctx.client.readContract({ ...court, functionName: 'rounds', args: [BigInt(id), 0] }),
    ctx.client.readContract({ ...court, functionName: 'rounds', args: [BigInt(id), 1] }),
    ctx.client.readContract({ ...court, functionName: 'openers', args: [BigInt(id)] }),
    logsOf(ctx, court.address, { topic: 1, value: BigInt(id) }),
  ])
  const second = (time: bigint) => (time === 0n ? null : Number(time))
  const round = trial.round === 0 ? firstRound : secondRound
  const descent = isAboutModel(trial.kind) ? descentOf(trial.target) : null
  const [opened, keys] = await (descent
    ? ctx.client.readContract({
        address: ctx.deployment.contracts.parentCases,
        abi: parentCasesAbi,
        functionName: 'progress',
        args: [BigInt(descent.ancestor), descent.ancestorVersion, round.eighth],
      })
    : ctx.client.readContract({
        address: ctx.deployment.contracts.keyLedger,
        abi: keyLedgerAbi,
        functionName: 'progress',
        args: [trial.subject, round.eighth],
      }))
  return {
    ...summaryOf(id, trial),
    openers: [...openers],
    descent,
    excluded: [...trial.excluded],
    answered: trial.answered,
    annulled: trial.annulled,
    threshold: Number(trial.threshold),
    stake: trial.stake,
    recordFee: trial.bond / 50n,
    appellant: trial.appellant === zeroAddress ? null : trial.appellant,
    round: trial.round,
    seats: round.seats,
    panel: [...round.panel],
    votes: { accepts: round.accepts, rejects: round.rejects },
    keys: { opened, of: keys },
    drawBlock: Number(round.block_),
    until: second(trial.until),
    closesAfter: second(trial.closesAfter),
    commitUntil: second(round.commitUntil),
    revealUntil: second(round.revealUntil),
    events: happened.flatMap(({ event, log }) => (event?.from === 'cases' ? [eventOf(event, log.at, log.tx)] : [])),
  }
}

/** What happened in a case, in order. */
export async function eventsOfCase(id: CaseId): Promise<CaseEvent[]> {
  const ctx = await market()
  const happened = await logsOf(ctx, courtOf(ctx).address, { topic: 1, value: BigInt(id) })
  return happened.flatMap(({ event, log }) => (event?.from === 'cases' ? [eventOf(event, log.at, log.tx)] : []))
}

/** Listed provers, the oldest first. */
export async function listProvers(): Promise<ProverView[]> {
  const { client, deployment } = await market()
  const registry = { address: deployment.contracts.proverRegistry, abi: proverRegistryAbi } as const
  const count = Number(await client.readContract({ ...registry, functionName: 'placeCount' }))
  const places = await Promise.all(
    Array.from({ length: count }, (_, i) =>
      client.readContract({ ...registry, functionName: 'places', args: [BigInt(i)] }),
    ),
  )
  const listed = places.filter(({ leftAt }) => leftAt === 0)
  return Promise.all(
    listed.map(async ({ prover, since }) => {
      const { stake, locked, exitAt } = await client.readContract({
        ...registry,
        functionName: 'provers',
        args: [prover],
      })
      return { address: prover, since, stake, locked, leaving: exitAt > 0n }
    }),
  )
}

/** The newest events about challenges. */
export async function listChallenges(): Promise<ChallengeEvent[]> {
  const ctx = await market()
  const rows = await ctx.db
    .select()
    .from(logs)
    .where(eq(logs.address, ctx.deployment.contracts.challengeCourt))
    .orderBy(desc(logs.block), desc(logs.logIndex))
    .limit(newest)
  return rows.flatMap((log) => {
    const event = decode(log, ctx.chain.contracts)
    if (event?.from !== 'challenges') return []
    const copyId = 'copyId' in event.args ? toCopyId(event.args.copyId) : null
    return [{ name: event.eventName, copyId, at: log.at, tx: log.tx }]
  })
}

/** What the court owes an account. */
export async function owedByCourt(account: Address): Promise<bigint> {
  const ctx = await market()
  return ctx.client.readContract({ ...courtOf(ctx), functionName: 'owed', args: [account] })
}

/** Bond and recorder’s fee of a case about a copy or a model. */
export async function caseBond(kind: CaseKind, id: CopyId | ModelId): Promise<bigint> {
  const ctx = await market()
  const [bond, recordFee] = await ctx.client.readContract({
    ...courtOf(ctx),
    functionName: 'bondOf',
    args: [caseKinds.indexOf(kind), BigInt(id)],
  })
  return bond + recordFee
}

const isAboutModel = (kind: number) => caseKinds[kind] === 'parent'

function courtOf({ deployment }: Market) {
  return { address: deployment.contracts.caseCourt, abi: caseCourtAbi } as const
}

type ChainCase = Awaited<ReturnType<typeof readCase>>

function readCase(ctx: Market, id: bigint) {
  return ctx.client.readContract({ ...courtOf(ctx), functionName: 'cases', args: [id] })
}

function summaryOf(id: CaseId, trial: ChainCase): CaseSummary {
  return {
    id,
    kind: caseKinds[trial.kind],
    stage: caseStages[trial.stage],
    verdict: verdicts[trial.verdict],
    subject: isAboutModel(trial.kind) ? { model: toModelId(trial.subject) } : { copy: toCopyId(trial.subject) },
    accused: trial.accused,
    bond: trial.bond,
    amount: trial.amount,
  }
}

/** Logs of a contract with an indexed argument, in order. */
async function logsOf(ctx: Market, address: Address, { topic, value }: { topic: 1 | 2; value: bigint }) {
  const word = pad(numberToHex(value), { size: 32 })
  const rows = await ctx.db
    .select()
    .from(logs)
    .where(and(eq(logs.address, address), sql`${logs.topics}[${sql.raw(String(topic + 1))}] = ${word}`))
    .orderBy(asc(logs.block), asc(logs.logIndex))
  return rows.map((log) => ({ log, event: decode(log, ctx.chain.contracts) }))
}

type CourtEvent = Extract<NonNullable<ReturnType<typeof decode>>, { from: 'cases' }>

function eventOf(event: CourtEvent, at: number, tx: CaseEvent['tx']): CaseEvent {
  const base = { at, tx, by: null, text: null }
  switch (event.eventName) {
    case 'Opened':
      return { ...base, name: 'opened', by: event.args.opener, text: event.args.evidence }
    case 'Joined':
      return { ...base, name: 'joined', by: event.args.opener, text: event.args.evidence }
    case 'Answered':
      return { ...base, name: 'answered', text: event.args.answer }
    case 'Recorded':
      return { ...base, name: 'recorded', by: event.args.recorder }
    case 'Drawn':
      return { ...base, name: 'drawn' }
    case 'VoteCommitted':
      return { ...base, name: 'vote committed', by: event.args.juror }
    case 'VoteRevealed':
      return {
        ...base,
        name: 'vote revealed',
        by: event.args.juror,
        text: verdicts[event.args.vote.verdict] === 'accept' ? 'to accept' : 'to reject',
      }
    case 'Ruled':
      return { ...base, name: 'ruled', text: verdicts[event.args.verdict] }
    case 'Appealed':
      return { ...base, name: 'appealed', by: event.args.appellant }
    case 'Annulled':
      return { ...base, name: 'annulled' }
    case 'CaseClosed':
      return { ...base, name: 'closed', text: verdicts[event.args.verdict] }
    case 'Paid':
      return { ...base, name: 'paid', by: event.args.account }
  }
}
