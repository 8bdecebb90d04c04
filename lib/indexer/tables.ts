import { getTableColumns, getTableName } from 'drizzle-orm'
import { getTableConfig, type PgColumn, type PgTable } from 'drizzle-orm/pg-core'
import {
  ancestors,
  cases,
  claims,
  clones,
  copies,
  copyEvents,
  delegations,
  deployments,
  edges,
  enteredAncestors,
  feeAccounts,
  governors,
  holders,
  hostPayments,
  ledger,
  logs,
  minters,
  models,
  namedMinters,
  operators,
  originBonds,
  proposals,
  proposalVotes,
  provers,
  reports,
  reservations,
  settlements,
  userBalances,
  versions,
  votes,
} from '../db/schema'

/** Rows that are only added and carry their block: undoing a block deletes its rows. */
export const appended = [ledger, settlements, hostPayments, reports, logs, copyEvents, proposalVotes]

/** Rows that change: what a block changed is kept in `undo` until the block is final. */
export const changing = [
  ...[clones, models, versions, namedMinters, edges, ancestors, enteredAncestors, originBonds, copies, holders, claims],
  ...[userBalances, reservations, deployments, operators, feeAccounts, provers, cases, minters, votes],
  ...[delegations, governors, proposals],
]

/** Columns that do not come from the chain: the indexer neither writes nor undoes them. */
const foreign = new Set<PgColumn>([versions.metadata])

/** A table as the indexer writes it. Columns by property, with their names in the database. */
export type Shape = {
  name: string
  columns: [property: string, name: string][]
  key: [property: string, name: string][]
}

const shapes = new Map<PgTable, Shape>()

export function shapeOf(table: PgTable): Shape {
  const known = shapes.get(table)
  if (known) return known
  const all = Object.entries(getTableColumns(table)).filter(([, column]) => !foreign.has(column))
  const composite = getTableConfig(table).primaryKeys.flatMap(({ columns }) => columns.map(({ name }) => name))
  const isKey = (column: PgColumn) => column.primary || composite.includes(column.name)
  const names = (columns: [string, PgColumn][]) =>
    columns.map(([property, column]): [string, string] => [property, column.name])
  const shape = {
    name: getTableName(table),
    columns: names(all),
    key: names(all.filter(([, column]) => isKey(column))),
  }
  shapes.set(table, shape)
  return shape
}

/** These properties of a row as JSON that Postgres reads into the table’s columns. */
export function toJson(row: object, columns: Shape['columns']): string {
  const values = row as Record<string, unknown>
  const named = columns.map(([property, name]) => [name, values[property]] as const)
  return JSON.stringify(Object.fromEntries(named), (_, value) => {
    if (typeof value === 'bigint') return String(value)
    return typeof value === 'string' ? storable(value) : value
  })
}

/** Postgres stores no NUL, and anybody can write one into a text on the chain. */
const storable = (text: string) => (text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text)
