import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { Address, Hex, Log } from 'viem'
import { seconds } from './columns'

// What the indexer knows of the chain itself.

/** Names the deployment that is cached. */
export const meta = pgTable('meta', { key: text().primaryKey(), value: text().notNull() })

/** Hashes of indexed blocks; a reorg changes them. Of the final ones, the newest is kept. */
export const blocks = pgTable('blocks', {
  number: bigint({ mode: 'number' }).primaryKey(),
  hash: text().$type<Hex>().notNull(),
})

/** What a row was before a block changed it, until that block is final. The columns are those of the row's table. */
export const undo = pgTable(
  'undo',
  {
    block: bigint({ mode: 'number' }).notNull(),
    table: text().notNull(),
    /** The columns of its primary key. */
    key: jsonb().notNull(),
    /** Null: the block inserted it. */
    before: jsonb(),
  },
  (table) => [primaryKey({ columns: [table.block, table.table, table.key] })],
)

/** The courts' logs, undecoded: what happened in each case. */
export const logs = pgTable(
  'logs',
  {
    block: bigint({ mode: 'number' }).notNull(),
    logIndex: integer('log_index').notNull(),
    at: seconds('at').notNull(),
    tx: text().$type<Hex>().notNull(),
    address: text().$type<Address>().notNull(),
    topics: text().array().$type<Log['topics']>().notNull(),
    data: text().$type<Hex>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.block, table.logIndex] }),
    index('logs_first_argument').on(table.address, sql`(${table.topics}[2])`),
    index('logs_second_argument').on(table.address, sql`(${table.topics}[3])`),
    index('logs_newest').on(table.address, table.block, table.logIndex),
  ],
)
