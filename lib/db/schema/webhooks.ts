import { sql } from 'drizzle-orm'
import { bigint, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import type { Address } from 'viem'
import { webhookTopics } from '../../api/webhook-topics'
import type { Failure } from '../../minting/failure'

// Webhooks, which exist nowhere else.

/** Where programs of an account want to hear of what happens. */
export const webhooks = pgTable(
  'webhooks',
  {
    id: text().primaryKey(),
    account: text().$type<Address>().notNull(),
    url: text().notNull(),
    topics: text({ enum: webhookTopics }).array().notNull(),
    /** Sealed: messages are signed with it. */
    secret: text().notNull(),
    /** The secret from before, which signs as well until then. */
    formerSecret: text('former_secret'),
    formerUntil: timestamp('former_until', { withTimezone: true }),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    /** Nothing is sent to it before: a request is under way, or the last one failed. */
    restsUntil: timestamp('rests_until', { withTimezone: true }).notNull().defaultNow(),
    /** Failures since the last answer that was a success, and when the first of them was. */
    failures: integer().notNull().default(0),
    failingSince: timestamp('failing_since', { withTimezone: true }),
    disabled: text({ enum: ['failing', 'gone'] }),
    disabledAt: timestamp('disabled_at', { withTimezone: true }),
  },
  (table) => [index().on(table.account)],
)

/** One message for each webhook and event. */
export const webhookMessages = pgTable(
  'webhook_messages',
  {
    webhook: text()
      .notNull()
      .references(() => webhooks.id, { onDelete: 'cascade' }),
    /** Names the event, and is the same for all webhooks: a receiver that has seen it before ignores it. */
    id: text().notNull(),
    type: text().notNull(),
    /** The body, byte for byte. */
    payload: text().notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    attempts: integer().notNull().default(0),
    /** When it is sent next; null: it has arrived, or was given up. */
    dueAt: timestamp('due_at', { withTimezone: true }),
    arrivedAt: timestamp('arrived_at', { withTimezone: true }),
  },
  (table) => [
    primaryKey({ columns: [table.webhook, table.id] }),
    index('webhook_messages_due').on(table.webhook, table.dueAt).where(sql`due_at is not null`),
    index('webhook_messages_newest').on(table.webhook, table.createdAt, table.id),
  ],
)

/** Each try to send a message: the answer’s status, or why there was none. */
export const webhookAttempts = pgTable(
  'webhook_attempts',
  {
    webhook: text().notNull(),
    message: text().notNull(),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
    status: integer(),
    ms: integer().notNull(),
    /** The beginning of the answer. */
    answer: text(),
    failure: jsonb().$type<Failure>(),
  },
  (table) => [
    index().on(table.webhook, table.message),
    foreignKey({
      columns: [table.webhook, table.message],
      foreignColumns: [webhookMessages.webhook, webhookMessages.id],
    }).onDelete('cascade'),
  ],
)

/** Up to which block webhooks have heard of a deployment’s events. */
export const webhookPlaces = pgTable('webhook_places', {
  deployment: text().primaryKey(),
  block: bigint({ mode: 'number' }).notNull(),
})
