import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { Address, Hex } from 'viem'
import type { CopyId } from '../../chain/ids'
import { amount, seconds } from './columns'

// Hosts, and what they reported: a cache of the chain.

/** Public endpoints at which hosts serve their copies. */
export const deployments = pgTable(
  'deployments',
  {
    copyId: text('copy_id').$type<CopyId>().notNull(),
    number: integer().notNull(),
    operator: text().$type<Address>().notNull(),
    /** USDC that the host asks for a million tokens. */
    price: amount('price').notNull(),
    url: text().notNull(),
    open: boolean().notNull(),
    openedAt: seconds('opened_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.copyId, table.number] }),
    index().on(table.operator),
    index('deployments_open').on(table.copyId, table.number).where(sql`open`),
  ],
)

/** The keys that may sign receipts of a copy. */
export const operators = pgTable(
  'operators',
  {
    copyId: text('copy_id').$type<CopyId>().notNull(),
    operator: text().$type<Address>().notNull(),
    /** First and last epoch; null while it was not revoked. */
    fromEpoch: bigint('from_epoch', { mode: 'number' }).notNull(),
    untilEpoch: bigint('until_epoch', { mode: 'number' }),
    /** Most units that it may promise in a receipt. */
    cap: amount('cap').notNull(),
  },
  (table) => [primaryKey({ columns: [table.copyId, table.operator] })],
)

/** What hosts have prepaid and owe for their copies’ tokens. */
export const feeAccounts = pgTable('fee_accounts', {
  copyId: text('copy_id').$type<CopyId>().primaryKey(),
  escrow: amount('escrow').notNull(),
  owed: amount('owed').notNull(),
})

/** What each host reported for an epoch. */
export const reports = pgTable(
  'reports',
  {
    block: bigint({ mode: 'number' }).notNull(),
    logIndex: integer('log_index').notNull(),
    copyId: text('copy_id').$type<CopyId>().notNull(),
    epoch: bigint({ mode: 'number' }).notNull(),
    receipts: amount('receipts').notNull(),
    units: amount('units').notNull(),
    receiptsRoot: text('receipts_root').$type<Hex>().notNull(),
    fee: amount('fee').notNull(),
    at: seconds('at').notNull(),
    tx: text().$type<Hex>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.block, table.logIndex] }), index().on(table.copyId, table.epoch)],
)
