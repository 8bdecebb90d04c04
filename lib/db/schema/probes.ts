import { doublePrecision, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { CopyId } from '../../chain/ids'
import { seconds } from './columns'

// What the prober saw and promised, which exists nowhere else.

/** What this market’s prober saw of a deployment. Kept for a week. */
export const hostChecks = pgTable(
  'host_checks',
  {
    copyId: text('copy_id').$type<CopyId>().notNull(),
    number: integer().notNull(),
    /** Unix seconds of this machine. */
    at: seconds('at').notNull(),
    /** The code of the error; null where the host answered as it should. */
    problem: text(),
    /** What the host says of its weights. */
    precision: text(),
    /** Of a paid question: milliseconds to the first text, tokens a second of the whole answer, and its tokens; null where none was asked. */
    firstMs: doublePrecision('first_ms'),
    tokensPerSecond: doublePrecision('tokens_per_second'),
    tokens: integer(),
  },
  (table) => [primaryKey({ columns: [table.copyId, table.number, table.at] })],
)

/** What the prober owes the hosts that it pays, and has promised them: `lib/payer/account.ts` in JSON. */
export const proberAccounts = pgTable('prober_accounts', {
  copyId: text('copy_id').$type<CopyId>().primaryKey(),
  account: jsonb().notNull(),
})
