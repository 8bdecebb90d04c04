import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core'

/** uint256 and USDC amounts: exact, never a float. */
const amount = (name: string) => numeric(name, { precision: 78, scale: 0, mode: 'bigint' })
/** Unix seconds. */
const seconds = (name: string) => bigint(name, { mode: 'number' })

// ─── The chain's cache: everything from here to `claims` can be rebuilt by indexing again. ───

/** Which deployment the cache describes. */
export const meta = pgTable('meta', { key: text().primaryKey(), value: text().notNull() })

/** Blocks whose hash was seen, so that a reorg shows. */
export const blocks = pgTable('blocks', { number: bigint({ mode: 'number' }).primaryKey(), hash: text().notNull() })

/** Our contracts' logs as they came: the tables below are replayed from these after a reorg. */
export const logs = pgTable(
  'logs',
  {
    block: bigint({ mode: 'number' }).notNull(),
    logIndex: integer('log_index').notNull(),
    at: seconds('at').notNull(),
    tx: text().notNull(),
    address: text().notNull(),
    topics: text().array().notNull(),
    data: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.block, table.logIndex] })],
)

export const models = pgTable('models', {
  id: text().primaryKey(),
  creator: text().notNull(),
  owner: text().notNull(),
  shares: text().notNull(),
  retired: boolean().notNull().default(false),
  registeredAt: seconds('registered_at').notNull(),
  registeredTx: text('registered_tx').notNull(),
  version: integer().notNull().default(0),
  price: amount('price').notNull().default(sql`0`),
  collateral: amount('collateral').notNull().default(sql`0`),
  fee: amount('fee').notNull().default(sql`0`),
  royaltyBps: integer('royalty_bps').notNull().default(0),
  licence: integer().notNull().default(0),
  termsHash: text('terms_hash').notNull().default('0x'),
  copiesSold: integer('copies_sold').notNull().default(0),
  /** Sum of payments before cuts, and of royalties that flowed in. */
  earned: amount('earned').notNull().default(sql`0`),
  /** The same after cuts: what parents and shareholders divide. */
  income: amount('income').notNull().default(sql`0`),
})

/** What a version says about itself: the JSON that its metadata URI names. */
export type Metadata = {
  name: string
  summary: string
  task: string | null
  licence: string | null
  tags: string[]
  family: string
  parameters: number
  dtype: string
  card: string
  files: FileRow[]
  tensors: { name: string; dtype: string; shape: number[]; sizeBytes: number }[]
  /** Whether every visitor may load the unmarked weights to try them; what was sealed without a word of it says no. */
  playground?: boolean
}

type FileRow = { path: string; size: number; sha256: string }

export const versions = pgTable(
  'versions',
  {
    modelId: text('model_id').notNull(),
    version: integer().notNull(),
    manifestRoot: text('manifest_root').notNull(),
    uri: text().notNull(),
    /** Who owned the model when this version was added: its files must be theirs. */
    publisher: text().notNull(),
    registeredAt: seconds('registered_at').notNull(),
    /** What the URI names, once read and found to be the publisher's; null while it is not. */
    metadata: jsonb().$type<Metadata>(),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.version] })],
)

export const edges = pgTable(
  'edges',
  {
    child: text().notNull(),
    parent: text().notNull(),
    relation: text({ enum: ['finetune', 'adapter', 'merge', 'quantized'] }).notNull(),
    royaltyBps: integer('royalty_bps').notNull(),
    position: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.child, table.parent] }), index().on(table.parent)],
)

export const copies = pgTable(
  'copies',
  {
    id: text().primaryKey(),
    modelId: text('model_id').notNull(),
    version: integer().notNull(),
    buyer: text().notNull(),
    minter: text().notNull(),
    state: text({ enum: ['ordered', 'delivered', 'active', 'closing', 'closed', 'refunded', 'slashed'] }).notNull(),
    price: amount('price').notNull(),
    collateral: amount('collateral').notNull(),
    buyerSeedHash: text('buyer_seed_hash').notNull(),
    deliverDeadline: seconds('deliver_deadline').notNull(),
    acceptDeadline: seconds('accept_deadline'),
    thawEndsAt: seconds('thaw_ends_at'),
    artifactRoot: text('artifact_root'),
    fingerprintRoot: text('fingerprint_root'),
    orderedAt: seconds('ordered_at').notNull(),
    orderTx: text('order_tx').notNull(),
    /** The transaction in which it was paid. */
    acceptTx: text('accept_tx'),
  },
  (table) => [index().on(table.buyer), index().on(table.modelId)],
)

export const holders = pgTable(
  'holders',
  {
    /** The model's ModelShares contract. */
    token: text().notNull(),
    account: text().notNull(),
    shares: amount('shares').notNull(),
  },
  (table) => [primaryKey({ columns: [table.token, table.account] }), index().on(table.account)],
)

/** What each model's shareholders were owed, and from which source. */
export const ledger = pgTable(
  'ledger',
  {
    block: bigint({ mode: 'number' }).notNull(),
    logIndex: integer('log_index').notNull(),
    modelId: text('model_id').notNull(),
    kind: text({ enum: ['copy', 'royalty', 'payment'] }).notNull(),
    copyId: text('copy_id'),
    child: text(),
    amount: amount('amount').notNull(),
    at: seconds('at').notNull(),
    tx: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.block, table.logIndex] }), index().on(table.modelId)],
)

export const claims = pgTable(
  'claims',
  { modelId: text('model_id').notNull(), account: text().notNull(), amount: amount('amount').notNull() },
  (table) => [primaryKey({ columns: [table.modelId, table.account] })],
)

// ─── What lives nowhere else: back these up. ───

/** Who may use a blob: those who uploaded it. */
export const blobOwners = pgTable('blob_owners', { sha256: text().notNull(), owner: text().notNull() }, (table) => [
  primaryKey({ columns: [table.sha256, table.owner] }),
])

export const drafts = pgTable(
  'drafts',
  {
    id: text().primaryKey(),
    owner: text().notNull(),
    files: jsonb().$type<FileRow[]>().notNull(),
    /** path → sha256 of what really arrived, where it was not what was announced. */
    received: jsonb().$type<Record<string, string>>().notNull().default({}),
    manifestRoot: text('manifest_root').notNull(),
    metadataUri: text('metadata_uri'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index().on(table.owner)],
)

/** Buyers' seeds, sealed, by the hash that stands in their order. */
export const seeds = pgTable('seeds', {
  hash: text().primaryKey(),
  owner: text().notNull(),
  sealed: text().notNull(),
})

/** Fingerprint preparations, one per version, sealed in a blob. */
export const preparations = pgTable('preparations', { key: text().primaryKey(), blob: text().notNull() })

/** The minter's work on one order. `key` names the order beyond a roll-back of the chain: copy, files, seed. */
export const mints = pgTable('mints', {
  key: text().primaryKey(),
  copyId: text('copy_id').notNull(),
  stage: text({ enum: ['queued', 'load', 'prepare', 'mint', 'check', 'write', 'deliver', 'done'] }).notNull(),
  done: numeric({ mode: 'number' }).notNull().default(0),
  failure: text(),
  final: boolean().notNull().default(false),
  artifactRoot: text('artifact_root'),
  fingerprintRoot: text('fingerprint_root'),
  files: jsonb().$type<(FileRow & { segments: { blob: string; offset: number; length: number }[] })[]>(),
  report: jsonb().$type<Record<string, unknown>>(),
})

/** Uses per window and name, for lib/market/http/rate-limit.ts. rate-limiter-flexible prescribes the columns. */
export const rateLimits = pgTable('rate_limits', {
  key: text().primaryKey(),
  points: integer().notNull(),
  expire: timestamp({ withTimezone: true }),
})
