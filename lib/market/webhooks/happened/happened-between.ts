import 'server-only'
import { and, asc, gt, lte } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { toCopyId } from '../../../chain/ids'
import type { Db } from '../../../db/open'
import { copyEvents, ledger, logs, reports } from '../../../db/schema'
import { decode } from '../../../indexer/decode'
import type { Chain } from '../../../indexer/sync'
import { aboutCases } from './about-cases'
import { aboutChallenges } from './about-challenges'
import { aboutCopies } from './about-copies'
import { aboutPayments } from './about-payments'
import { aboutReports } from './about-reports'
import { type Happened, teller } from './happened'
import { subjectsOf } from './subjects'

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
  const reported = await rowsOf(reports)
  const court = (await rowsOf(logs)).map((log) => ({ log, event: decode(log, contracts) }))
  const caseLogs = court.flatMap(({ log, event }) => (event?.from === 'cases' ? [{ log, event }] : []))
  const challengeLogs = court.flatMap(({ log, event }) => (event?.from === 'challenges' ? [{ log, event }] : []))
  const subjects = await subjectsOf(
    db,
    caseLogs.flatMap(({ event }) => ('id' in event.args ? [Number(event.args.id)] : [])),
    [
      ...[...copyRows, ...reported].map(({ copyId }) => copyId),
      ...challengeLogs.flatMap(({ event }) => ('copyId' in event.args ? [toCopyId(event.args.copyId)] : [])),
    ],
  )
  const tell = teller(chainId)
  const found = [
    ...copyRows.flatMap((row) => aboutCopies(row, subjects, tell)),
    ...earnings.map((row) => aboutPayments(row, tell)),
    ...reported.flatMap((row) => aboutReports(row, subjects, tell)),
    ...challengeLogs.flatMap(({ log, event }) => aboutChallenges(log, event, subjects, tell)),
    ...caseLogs.flatMap(({ log, event }) => aboutCases(log, event, subjects, tell)),
  ]
  return found.sort((a, b) => (a.id < b.id ? -1 : 1))
}
