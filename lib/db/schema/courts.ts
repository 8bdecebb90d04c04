import { bigint, boolean, index, pgTable, text } from 'drizzle-orm/pg-core'
import type { Address } from 'viem'
import type { CaseKind, Verdict } from '../../chain/states'
import { amount, seconds } from './columns'

// Cases, and those who check hosts: a cache of the chain.

/** Those who check hosts for a share of what is paid. */
export const provers = pgTable('provers', {
  address: text().$type<Address>().primaryKey(),
  listed: boolean().notNull(),
  admitted: boolean().notNull(),
  stake: amount('stake').notNull(),
  /** In protocol time; null unless it leaves. */
  exitAt: seconds('exit_at'),
  rewarded: amount('rewarded').notNull(),
  listedAt: seconds('listed_at'),
})

/** Cases before the court, with the newest ruling. */
export const cases = pgTable(
  'cases',
  {
    id: bigint({ mode: 'number' }).primaryKey(),
    kind: text().$type<CaseKind>().notNull(),
    /** The copy's or, for an undeclared parent, the model's id. */
    subject: text().notNull(),
    opener: text().$type<Address>().notNull(),
    openedAt: seconds('opened_at').notNull(),
    verdict: text().$type<Verdict>().notNull(),
    closed: boolean().notNull(),
    taken: amount('taken').notNull(),
  },
  (table) => [index().on(table.kind, table.subject)],
)
