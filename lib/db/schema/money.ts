import { sql } from 'drizzle-orm'
import { bigint, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { Address, Hex } from 'viem'
import type { CopyId, ModelId } from '../../chain/ids'
import { amount, seconds } from './columns'

// What was paid: a cache of the chain.

/** Each amount that a model's shareholders earned, and its source. */
export const ledger = pgTable(
  'ledger',
  {
    block: bigint({ mode: 'number' }).notNull(),
    logIndex: integer('log_index').notNull(),
    modelId: text('model_id').$type<ModelId>().notNull(),
    kind: text({ enum: ['copy', 'royalty', 'usage', 'payment'] }).notNull(),
    copyId: text('copy_id').$type<CopyId>(),
    /** The model that was paid for, where its ancestor earned a royalty. */
    descendant: text().$type<ModelId>(),
    amount: amount('amount').notNull(),
    at: seconds('at').notNull(),
    tx: text().$type<Hex>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.block, table.logIndex, table.modelId] }),
    index('ledger_newest').on(table.modelId, table.block, table.logIndex),
    index('ledger_royalties').on(table.modelId, table.descendant).where(sql`kind = 'royalty'`),
  ],
)

export const claims = pgTable(
  'claims',
  {
    modelId: text('model_id').$type<ModelId>().notNull(),
    account: text().$type<Address>().notNull(),
    amount: amount('amount').notNull(),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.account] })],
)

/** What an account may reserve or withdraw of what it deposited and earned (`UserLedger`). */
export const userBalances = pgTable('user_balances', {
  account: text().$type<Address>().primaryKey(),
  balance: amount('balance').notNull(),
})

/** Money that a user has set aside for a copy’s host, and what the host was paid for so far. */
export const reservations = pgTable(
  'reservations',
  {
    copyId: text('copy_id').$type<CopyId>().notNull(),
    user: text().$type<Address>().notNull(),
    amount: amount('amount').notNull(),
    settledUnits: amount('settled_units').notNull().default(sql`0`),
    settledAmount: amount('settled_amount').notNull().default(sql`0`),
    /** In protocol time; null unless the user has asked for it. */
    leavesAt: seconds('leaves_at'),
  },
  (table) => [primaryKey({ columns: [table.copyId, table.user] }), index().on(table.user)],
)

/** Each settled voucher: the units and the amount by which it exceeded the last. */
export const settlements = pgTable(
  'settlements',
  {
    block: bigint({ mode: 'number' }).notNull(),
    logIndex: integer('log_index').notNull(),
    copyId: text('copy_id').$type<CopyId>().notNull(),
    user: text().$type<Address>().notNull(),
    units: amount('units').notNull(),
    amount: amount('amount').notNull(),
    at: seconds('at').notNull(),
    tx: text().$type<Hex>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.block, table.logIndex] }), index().on(table.copyId), index().on(table.user)],
)

/** What a host got for its vouchers: `fees` paid what the copy owed, `earned` is the host’s. */
export const hostPayments = pgTable(
  'host_payments',
  {
    block: bigint({ mode: 'number' }).notNull(),
    logIndex: integer('log_index').notNull(),
    copyId: text('copy_id').$type<CopyId>().notNull(),
    host: text().$type<Address>().notNull(),
    units: amount('units').notNull(),
    fees: amount('fees').notNull(),
    earned: amount('earned').notNull(),
    at: seconds('at').notNull(),
    tx: text().$type<Hex>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.block, table.logIndex] }), index().on(table.host)],
)
