import { index, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import type { Address, Hex } from 'viem'
import type { FileEntry } from '../../manifest/manifest'

// Uploads and drafts, which exist nowhere else.

/** The accounts that uploaded a blob; only they may publish it. */
export const blobOwners = pgTable(
  'blob_owners',
  { sha256: text().notNull(), owner: text().$type<Address>().notNull() },
  (table) => [primaryKey({ columns: [table.sha256, table.owner] })],
)

export const drafts = pgTable(
  'drafts',
  {
    id: text().primaryKey(),
    owner: text().$type<Address>().notNull(),
    files: jsonb().$type<FileEntry[]>().notNull(),
    /** By path: the SHA-256 of the bytes that arrived. */
    received: jsonb().$type<Record<string, string>>().notNull().default({}),
    manifestRoot: text('manifest_root').$type<Hex>().notNull(),
    metadataUri: text('metadata_uri'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index().on(table.owner)],
)
