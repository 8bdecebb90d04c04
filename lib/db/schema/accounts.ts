import { index, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import type { Address } from 'viem'
import { apiScopes } from '../../api/scopes'

// Sign-ins, tokens and limits, which exist nowhere else.

/** Nonces of sign-ins that have begun. One sign-in uses one up. */
export const signInNonces = pgTable('sign_in_nonces', {
  nonce: text().primaryKey(),
  expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
})

/** A program that waits for somebody to let it in on a page (RFC 8628). The account is null until then. */
export const deviceLogins = pgTable('device_logins', {
  /** SHA-256 in hex of the code that the program keeps. */
  id: text().primaryKey(),
  /** The code that is compared on the page. */
  userCode: text('user_code').notNull().unique(),
  /** The program and its machine, as it named itself. */
  name: text().notNull(),
  scopes: text({ enum: apiScopes }).array().notNull(),
  account: text().$type<Address>(),
  expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
})

/** Who is signed in, and where. A cookie names its session; without its row it opens nothing. */
export const sessions = pgTable(
  'sessions',
  {
    /** SHA-256 in hex of the token in the cookie. */
    id: text().primaryKey(),
    account: text().$type<Address>().notNull(),
    /** The browser, as it named itself. */
    agent: text().notNull(),
    startedAt: timestamp('started_at', { withTimezone: true }).notNull().defaultNow(),
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  },
  (table) => [index().on(table.account)],
)

/** API tokens, by which programs act for an account. */
export const apiTokens = pgTable(
  'api_tokens',
  {
    /** SHA-256 in hex of the token. */
    id: text().primaryKey(),
    account: text().$type<Address>().notNull(),
    name: text().notNull(),
    scopes: text({ enum: apiScopes }).array().notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  },
  (table) => [index().on(table.account)],
)

/** Uses per window and name, for lib/market/http/rate-limit.ts. rate-limiter-flexible prescribes the columns. */
export const rateLimits = pgTable('rate_limits', {
  key: text().primaryKey(),
  points: integer().notNull(),
  expire: timestamp({ withTimezone: true }),
})
