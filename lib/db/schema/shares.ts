import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { Address } from 'viem'
import { amount } from './columns'

// Shares of models and their votes: a cache of the chain.

export const holders = pgTable(
  'holders',
  {
    /** The model's ModelShares contract. */
    token: text().$type<Address>().notNull(),
    account: text().$type<Address>().notNull(),
    shares: amount('shares').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.token, table.account] }),
    index().on(table.account),
    index('holders_largest').on(table.token, table.shares),
  ],
)

/** How many votes an account has by a model's shares: its own, and those that others have delegated to it. */
export const votes = pgTable(
  'votes',
  {
    /** The model's ModelShares contract. */
    token: text().$type<Address>().notNull(),
    account: text().$type<Address>().notNull(),
    votes: amount('votes').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.token, table.account] }),
    index().on(table.account),
    index('votes_most').on(table.token, table.votes),
  ],
)

/** Holders whose shares another account votes with. */
export const delegations = pgTable(
  'delegations',
  {
    token: text().$type<Address>().notNull(),
    account: text().$type<Address>().notNull(),
    delegate: text().$type<Address>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.token, table.account] })],
)
