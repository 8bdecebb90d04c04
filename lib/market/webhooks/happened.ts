import 'server-only'
import { createHash } from 'node:crypto'
import { and, asc, gt, inArray, lte } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Address, Hex } from 'viem'
import type { z } from 'zod'
import type { WebhookEvents, WebhookEventType } from '../../api/webhooks'
import { type CopyId, type ModelId, toCopyId, toModelId } from '../../chain/ids'
import { type CopyEvent, verdicts } from '../../chain/states'
import type { Db } from '../../db/open'
import { cases, copies, copyEvents, ledger, logs, models, reports } from '../../db/schema'
import { decode } from '../../indexer/decode'
import type { Chain } from '../../indexer/sync'

/**
 * Something that webhooks tell. Its id names the log, so it is the same whenever the chain is indexed, and ids sort in
 * the order of the chain. `accounts` hear of it, and with `holdersOf` whoever holds shares of that model.
 */
export type Happened = {
  id: string
  type: WebhookEventType
  at: number
  data: Record<string, unknown>
  accounts: Address[]
  holdersOf?: ModelId
}

type Place = { block: number; logIndex: number; at: number; tx: Hex }
type Copy = typeof copies.$inferSelect
type Model = typeof models.$inferSelect
type Case = typeof cases.$inferSelect

const copyTypes = {
  ordered: 'order.placed',
  delivered: 'delivery.made',
  accepted: 'delivery.accepted',
  refused: 'delivery.refused',
  defended: 'delivery.defended',
  contested: 'delivery.contested',
  ruled: 'delivery.ruled',
  refunded: 'order.refunded',
  closing: 'copy.closing',
  closed: 'copy.closed',
  slashed: 'copy.slashed',
} as const satisfies Record<CopyEvent, WebhookEventType>

/** What happened in the blocks after `after` up to `to`, in the order of the chain. */
export async function happenedBetween(
  db: Db,
  { chainId, contracts }: Pick<Chain, 'chainId' | 'contracts'>,
  after: number,
  to: number,
): Promise<Happened[]> {
  const rowsOf = <Table extends typeof copyEvents | typeof ledger | typeof reports | typeof logs>(table: Table) =>
    db
      .select()
      .from(table as PgTable)
      .where(and(gt(table.block, after), lte(table.block, to)))
      .orderBy(asc(table.block), asc(table.logIndex)) as unknown as Promise<Table['$inferSelect'][]>
  const copyRows = await rowsOf(copyEvents)
  const earnings = await rowsOf(ledger)
  const filed = await rowsOf(reports)
  const courtLogs = (await rowsOf(logs)).flatMap((log) => {
    const event = decode(log, contracts)
    return event?.from === 'cases' || event?.from === 'challenges' ? [{ log, event }] : []
  })
  const caseRows = await byId<Case>(
    db,
    cases,
    courtLogs.flatMap(({ event }) => caseIdOf(event)),
  )
  const copyIds = [
    ...[...copyRows, ...filed].map(({ copyId }) => copyId),
    ...courtLogs.flatMap(({ event }) => ('copyId' in event.args ? [toCopyId(event.args.copyId)] : [])),
    ...[...caseRows.values()].flatMap(({ kind, subject }) => (kind === 'parent' ? [] : [subject as CopyId])),
  ]
  const copyOf = await byId<Copy>(db, copies, copyIds)
  const modelIds = [
    ...[...copyOf.values()].map(({ modelId }) => modelId),
    ...[...caseRows.values()].flatMap(({ kind, subject }) => (kind === 'parent' ? [subject as ModelId] : [])),
  ]
  const modelOf = await byId<Model>(db, models, modelIds)
  const controllers = (id: ModelId) => {
    const { creator, majority } = modelOf.get(id) ?? {}
    return [creator, majority].filter((account): account is Address => Boolean(account))
  }
  const found: (Happened & Place)[] = []
  const tell = <Type extends WebhookEventType>(
    type: Type,
    place: Place,
    data: Omit<z.input<WebhookEvents[Type]['data']>, 'at' | 'tx'>,
    who: { accounts: Address[]; holdersOf?: ModelId },
    part = '',
  ) => {
    const { block, logIndex, at, tx } = place
    found.push({ block, logIndex, at, tx, id: idOf(chainId, place, part), type, data: { ...data, at, tx }, ...who })
  }

  for (const { event, facts, copyId, ...place } of copyRows) {
    const copy = copyOf.get(copyId)
    if (!copy) continue
    const { buyer, minter, modelId: model } = copy
    const price = event === 'ordered' ? { price: String(copy.price) } : {}
    const data = { copy: copyId, model, buyer, minter, ...price, ...facts }
    tell(copyTypes[event], place, data as never, { accounts: [buyer, minter, ...controllers(model)] })
  }
  for (const { modelId: model, kind, copyId: copy, descendant, amount, ...place } of earnings)
    tell(
      'payment.received',
      place,
      { model, kind, copy, descendant, amount: String(amount) },
      { accounts: [], holdersOf: model },
      model,
    )
  for (const { copyId, epoch, receipts, units, fee, receiptsRoot, ...place } of filed) {
    const copy = copyOf.get(copyId)
    if (!copy) continue
    const amounts = { receipts: String(receipts), units: String(units), fee: String(fee) }
    const accounts = [copy.buyer, ...controllers(copy.modelId)]
    tell('report.filed', place, { copy: copyId, epoch, ...amounts, receiptsRoot }, { accounts })
  }
  for (const { log, event } of courtLogs) {
    if (event.from === 'challenges') {
      if (!('copyId' in event.args)) continue
      const copy = copyOf.get(toCopyId(event.args.copyId))
      if (!copy) continue
      const about = { copy: copy.id, model: copy.modelId }
      const accounts = [copy.buyer, ...controllers(copy.modelId)]
      switch (event.eventName) {
        case 'Challenged': {
          const { challenger, epoch, index } = event.args
          const data = { ...about, challenger, epoch: Number(epoch), index: String(index) }
          tell('challenge.opened', log, data, { accounts: [...accounts, challenger] })
          break
        }
        case 'Answered':
          tell('challenge.answered', log, about, { accounts })
          break
        case 'Convicted': {
          const { challenger, offence, taken } = event.args
          const data = { ...about, challenger, offence, taken: String(taken) }
          tell('challenge.convicted', log, data, { accounts: [...accounts, challenger] })
          break
        }
        case 'BountyPaid': {
          const { to: receiver, amount } = event.args
          const data = { ...about, to: receiver, amount: String(amount) }
          tell('challenge.rewarded', log, data, { accounts: [...accounts, receiver] })
          break
        }
      }
      continue
    }
    const [number] = caseIdOf(event)
    const opened = number === undefined ? undefined : caseRows.get(String(number))
    if (!opened) continue
    const copy = opened.kind === 'parent' ? undefined : copyOf.get(opened.subject as CopyId)
    const model = copy?.modelId ?? toModelId(BigInt(opened.subject))
    const about = { case: opened.id, copy: copy?.id ?? null, model }
    const accounts = [opened.opener, ...(copy ? [copy.buyer, copy.minter] : []), ...controllers(model)]
    switch (event.eventName) {
      case 'Opened':
      case 'Joined': {
        const { opener, evidence } = event.args
        const type = event.eventName === 'Opened' ? 'case.opened' : 'case.joined'
        tell(type, log, { ...about, opener, evidence }, { accounts: [...accounts, opener] })
        break
      }
      case 'Answered': {
        const { answer, until } = event.args
        tell('case.answered', log, { ...about, answer, until: Number(until) }, { accounts })
        break
      }
      case 'Drawn': {
        const { panel, commitUntil, revealUntil } = event.args
        const times = { commitUntil: Number(commitUntil), revealUntil: Number(revealUntil) }
        tell('case.drawn', log, { ...about, panel: [...panel], ...times }, { accounts: [...accounts, ...panel] })
        break
      }
      case 'Ruled':
        tell('case.ruled', log, { ...about, verdict: verdicts[event.args.verdict] }, { accounts })
        break
      case 'Appealed':
        tell('case.appealed', log, about, { accounts: [...accounts, event.args.appellant] })
        break
      case 'Annulled':
        tell('case.annulled', log, about, { accounts })
        break
      case 'CaseClosed':
        tell('case.closed', log, { ...about, verdict: verdicts[event.args.verdict] }, { accounts })
        break
    }
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1))
}

type CourtEvent = Extract<NonNullable<ReturnType<typeof decode>>, { from: 'cases' | 'challenges' }>

function caseIdOf(event: CourtEvent): number[] {
  return event.from === 'cases' && 'id' in event.args ? [Number(event.args.id)] : []
}

async function byId<Row extends { id: string | number }>(
  db: Db,
  table: typeof copies | typeof models | typeof cases,
  ids: (string | number)[],
): Promise<Map<string, Row>> {
  if (ids.length === 0) return new Map()
  const rows = (await db
    .select()
    .from(table as PgTable)
    .where(inArray(table.id, [...new Set(ids)] as never))) as Row[]
  return new Map(rows.map((row) => [String(row.id), row]))
}

/** `part`: of several events in one log. */
function idOf(chainId: number, { block, logIndex, tx }: Place, part: string): string {
  const hash = createHash('sha256').update(`${chainId} ${tx} ${logIndex} ${part}`).digest('hex')
  return `evt_${block.toString(36).padStart(8, '0')}${logIndex.toString(36).padStart(4, '0')}${hash.slice(0, 16)}`
}
