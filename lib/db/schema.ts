import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  customType,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'
import type { Address, Hex, Log } from 'viem'
import { apiScopes } from '../api/scopes'
import { webhookTopics } from '../api/webhook-topics'
import type { CopyId, ModelId } from '../chain/ids'
import type { QuoteJson } from '../chain/quote'
import type { CaseKind, CopyEvent, CopyState, RefusalReason, Relation, Verdict } from '../chain/states'
import type { ArtifactFile } from '../manifest/artifact-file'
import type { FileEntry } from '../manifest/manifest'
import type { Metadata } from '../manifest/metadata'
import type { Failure } from '../minting/failure'
import type { SignedReport } from '../minting/report'
import type { MintStage } from '../minting/stages'

/** uint256 and USDC amounts: exact, never a float. */
const amount = (name: string) => numeric(name, { precision: 78, scale: 0, mode: 'bigint' })
/** Unix seconds. */
const seconds = (name: string) => bigint(name, { mode: 'number' })
const searchVector = customType<{ data: string }>({ dataType: () => 'tsvector' })

// The tables from here to `cases` are a cache of the chain: indexing again rebuilds them.

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

/** Each model's ModelShares contract. A transfer of any other contract is none of ours. */
export const clones = pgTable('clones', {
  shares: text().$type<Address>().primaryKey(),
  modelId: text('model_id').$type<ModelId>().notNull(),
})

export const models = pgTable(
  'models',
  {
    id: text().$type<ModelId>().primaryKey(),
    creator: text().$type<Address>().notNull(),
    /** Who has announced a majority of the shares; null where nobody has, so that votes decide. */
    majority: text().$type<Address>(),
    /** The model's ModelShares contract. */
    shares: text().$type<Address>().notNull(),
    retired: boolean().notNull().default(false),
    registeredAt: seconds('registered_at').notNull(),
    registeredTx: text('registered_tx').$type<Hex>().notNull(),
    version: integer().notNull().default(0),
    price: amount('price').notNull().default(sql`0`),
    collateral: amount('collateral').notNull().default(sql`0`),
    /** USDC for a million tokens, as `floorFee`. */
    fee: amount('fee').notNull().default(sql`0`),
    royaltyBps: integer('royalty_bps').notNull().default(0),
    floorBps: integer('floor_bps').notNull().default(0),
    leakBps: integer('leak_bps').notNull().default(0),
    licence: integer().notNull().default(0),
    termsHash: text('terms_hash').$type<Hex>().notNull().default('0x'),
    copiesSold: integer('copies_sold').notNull().default(0),
    /** Floors of its terms, and the licence bits that they may have; fixed at the registration. */
    floorPrice: amount('floor_price').notNull().default(sql`0`),
    floorCollateral: amount('floor_collateral').notNull().default(sql`0`),
    floorFee: amount('floor_fee').notNull().default(sql`0`),
    floorLeakBps: integer('floor_leak_bps').notNull().default(0),
    allowedLicence: integer('allowed_licence').notNull().default(7),
    /** Payments before cuts, plus royalties from descendants. */
    earned: amount('earned').notNull().default(sql`0`),
    /** Payments after cuts: the amount that ancestors and shareholders divide. */
    income: amount('income').notNull().default(sql`0`),
    /** Payments of the last days, as a logarithm that orders models the same way at any time; see `trendAfter`. */
    trend: doublePrecision().notNull().default(0),
  },
  (table) => [
    index('models_trending').on(table.trend, table.id).where(sql`not retired`),
    index('models_new').on(table.registeredAt, table.id).where(sql`not retired`),
    index('models_earned').on(table.earned, table.id).where(sql`not retired`),
    index('models_price').on(table.price, table.id).where(sql`not retired`),
    index().on(table.majority),
    index().on(table.shares),
  ],
)

export const versions = pgTable(
  'versions',
  {
    modelId: text('model_id').$type<ModelId>().notNull(),
    version: integer().notNull(),
    manifestRoot: text('manifest_root').$type<Hex>().notNull(),
    uri: text().notNull(),
    /** Who held the majority when this version was added, or else the creator, and must have uploaded its files. */
    publisher: text().$type<Address>().notNull(),
    registeredAt: seconds('registered_at').notNull(),
    /** Root of its key pool; null until it is on the chain. Without it, the version is not sold. */
    keyPoolRoot: text('key_pool_root').$type<Hex>(),
    /** The JSON that the URI names; null until it was read and its files were found to be the publisher's. */
    metadata: jsonb().$type<Metadata>(),
  },
  (table) => [
    primaryKey({ columns: [table.modelId, table.version] }),
    index('versions_unread').on(table.modelId).where(sql`metadata is null`),
  ],
)

/**
 * What lists show of each model's newest version, from its metadata. It goes with its version, and is written again from
 * the metadata.
 */
export const listings = pgTable(
  'listings',
  {
    modelId: text('model_id').$type<ModelId>().primaryKey(),
    version: integer().notNull(),
    name: text().notNull(),
    summary: text().notNull(),
    task: text(),
    licence: text(),
    tags: text().array().notNull(),
    family: text().notNull(),
    parameters: doublePrecision().notNull(),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    /** Words of the name, the tags and the summary; see lib/market/read/search-words.ts. */
    search: searchVector().notNull(),
  },
  (table) => [
    foreignKey({
      columns: [table.modelId, table.version],
      foreignColumns: [versions.modelId, versions.version],
    }).onDelete('cascade'),
    index('listings_search').using('gin', table.search),
    index('listings_name_trigrams').using('gin', sql`lower(${table.name}) gin_trgm_ops`),
    index('listings_name').on(sql`lower(${table.name})`),
    index().on(table.family),
    index().on(table.licence),
    index().on(table.task),
    index('listings_size').on(table.sizeBytes, table.modelId),
  ],
)

/** The minters that a model's controller has named. */
export const namedMinters = pgTable(
  'named_minters',
  { modelId: text('model_id').$type<ModelId>().notNull(), minter: text().$type<Address>().notNull() },
  (table) => [primaryKey({ columns: [table.modelId, table.minter] })],
)

export const edges = pgTable(
  'edges',
  {
    child: text().$type<ModelId>().notNull(),
    parent: text().$type<ModelId>().notNull(),
    relation: text().$type<Relation>().notNull(),
    position: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.child, table.parent] }), index().on(table.parent)],
)

/** The ancestors that earn from a model, each with its part of what the model earns after cuts. */
export const ancestors = pgTable(
  'ancestors',
  {
    modelId: text('model_id').$type<ModelId>().notNull(),
    ancestor: text().$type<ModelId>().notNull(),
    royaltyBps: integer('royalty_bps').notNull(),
    position: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.ancestor] }), index().on(table.ancestor, table.modelId)],
)

/** The ancestors that a court has entered, at most four, each with its part of what the shareholders earn after cuts. */
export const enteredAncestors = pgTable(
  'entered_ancestors',
  {
    modelId: text('model_id').$type<ModelId>().notNull(),
    ancestor: text().$type<ModelId>().notNull(),
    royaltyBps: integer('royalty_bps').notNull(),
    position: integer().notNull(),
    enteredAt: seconds('entered_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.ancestor] }), index().on(table.ancestor)],
)

/** The bonds with which publishers answer for having named all parents. */
export const originBonds = pgTable(
  'origin_bonds',
  {
    modelId: text('model_id').$type<ModelId>().notNull(),
    version: integer().notNull(),
    owner: text().$type<Address>().notNull(),
    /** What is left of it. */
    amount: amount('amount').notNull(),
    /** What was lost to a case. */
    taken: amount('taken').notNull().default(sql`0`),
    /** First second of protocol time at which it can be claimed; null while it waits for its version. */
    until: seconds('until'),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.version] })],
)

export const copies = pgTable(
  'copies',
  {
    id: text().$type<CopyId>().primaryKey(),
    modelId: text('model_id').$type<ModelId>().notNull(),
    version: integer().notNull(),
    buyer: text().$type<Address>().notNull(),
    minter: text().$type<Address>().notNull(),
    state: text().$type<CopyState>().notNull(),
    price: amount('price').notNull(),
    collateral: amount('collateral').notNull(),
    /** Part of the collateral that is released over `leakTail` seconds after the thaw or the refund. */
    leakBond: amount('leak_bond').notNull().default(sql`0`),
    leakTail: integer('leak_tail').notNull().default(0),
    /** Paid to the minter on top of the price. */
    mintFee: integer('mint_fee').notNull().default(0),
    /** Paid by the minter if it fails. */
    penalty: amount('penalty').notNull().default(sql`0`),
    buyerSeedHash: text('buyer_seed_hash').$type<Hex>().notNull(),
    deliverDeadline: seconds('deliver_deadline').notNull(),
    /** All collateral was lost, maybe before the copy was accepted. */
    lost: boolean().notNull().default(false),
    acceptDeadline: seconds('accept_deadline'),
    /** Why the buyer refused the delivery, until it is delivered again. */
    reason: text().$type<RefusalReason>(),
    evidence: text(),
    redelivered: boolean().notNull().default(false),
    /** Last second for the minter's answer to a refusal, then for the buyer's case. */
    answerDeadline: seconds('answer_deadline'),
    /** First second at which collateral leaves. */
    thawEndsAt: seconds('thaw_ends_at'),
    artifactRoot: text('artifact_root').$type<Hex>(),
    fingerprintRoot: text('fingerprint_root').$type<Hex>(),
    responsesRoot: text('responses_root').$type<Hex>(),
    /** The sealed files, as the delivery has published them. */
    ciphertextHash: text('ciphertext_hash').$type<Hex>(),
    sealedKey: text('sealed_key').$type<Hex>(),
    url: text(),
    orderedAt: seconds('ordered_at').notNull(),
    orderTx: text('order_tx').$type<Hex>().notNull(),
    /** The transaction that accepted and paid it. */
    acceptTx: text('accept_tx').$type<Hex>(),
  },
  (table) => [
    index('copies_of_buyer').on(table.buyer, table.orderedAt, table.id),
    index('copies_of_model').on(table.modelId, table.orderedAt, table.id),
    index('copies_newest').on(table.orderedAt, table.id),
    index('copies_open').on(table.minter).where(sql`state = 'ordered'`),
  ],
)

/** What happened to each copy. */
export const copyEvents = pgTable(
  'copy_events',
  {
    block: bigint({ mode: 'number' }).notNull(),
    logIndex: integer('log_index').notNull(),
    copyId: text('copy_id').$type<CopyId>().notNull(),
    event: text().$type<CopyEvent>().notNull(),
    /** What the event says beyond the copy’s row. Amounts are decimal strings. */
    facts: jsonb().$type<Record<string, string | number>>().notNull(),
    at: seconds('at').notNull(),
    tx: text().$type<Hex>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.block, table.logIndex] }),
    index('copy_events_newest').on(table.copyId, table.block, table.logIndex),
  ],
)

/** Accounts that mint copies, backed by a bond (`MinterRegistry`). */
export const minters = pgTable('minters', {
  address: text().$type<Address>().primaryKey(),
  /** It takes orders. */
  listed: boolean().notNull(),
  /** The protocol has barred it. */
  barred: boolean().notNull(),
  bond: amount('bond').notNull(),
  /** What it has paid for orders that it missed. */
  penalties: amount('penalties').notNull(),
  joinedAt: seconds('joined_at'),
  /** First second of protocol time at which its bond may leave; null unless it has resigned. */
  leavesAt: seconds('leaves_at'),
})

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

// The tables from here on exist nowhere else: back them up.

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

/** Buyers' seeds, sealed, by the hash in their order. */
export const seeds = pgTable('seeds', {
  hash: text().$type<Hex>().primaryKey(),
  owner: text().$type<Address>().notNull(),
  sealed: text().notNull(),
  storedAt: timestamp('stored_at', { withTimezone: true }).notNull().defaultNow(),
})

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

/** The blob with a version's sealed preparation, and the copy that visitors load. */
export const preparations = pgTable(
  'preparations',
  {
    modelId: text('model_id').$type<ModelId>().notNull(),
    manifestRoot: text('manifest_root').$type<Hex>().notNull(),
    blob: text().notNull(),
    /** The files of the fingerprinted copy that visitors load; null before it was minted. */
    visitorsCopy: jsonb('visitors_copy').$type<ArtifactFile[]>(),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.manifestRoot] })],
)

/** A minter's claim on a version whose key pool it makes, and how far it is. It ends when nothing was heard for a while. */
export const preparing = pgTable(
  'preparing',
  {
    modelId: text('model_id').$type<ModelId>().notNull(),
    manifestRoot: text('manifest_root').$type<Hex>().notNull(),
    /** Part that is done, 0 to 1. */
    done: numeric({ mode: 'number' }).notNull().default(0),
    heardAt: timestamp('heard_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.manifestRoot] })],
)

/** Shares of the first part of a preparation, which minters make at the same time. A share is made where `done` is 1. */
export const preparationShares = pgTable(
  'preparation_shares',
  {
    modelId: text('model_id').$type<ModelId>().notNull(),
    manifestRoot: text('manifest_root').$type<Hex>().notNull(),
    of: integer().notNull(),
    part: integer().notNull(),
    done: numeric({ mode: 'number' }).notNull().default(0),
    /** When its minter was last heard; null before one has claimed it. */
    heardAt: timestamp('heard_at', { withTimezone: true }),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.manifestRoot, table.of, table.part] })],
)

/** Buyers' requests for quotes, and their minters' answers. */
export const quotes = pgTable('quotes', {
  id: uuid().primaryKey().defaultRandom(),
  modelId: text('model_id').$type<ModelId>().notNull(),
  version: integer().notNull(),
  termsHash: text('terms_hash').$type<Hex>().notNull(),
  buyer: text().$type<Address>().notNull(),
  buyerSeedHash: text('buyer_seed_hash').$type<Hex>().notNull(),
  /** In JSON: amounts are decimal strings. */
  signed: jsonb().$type<QuoteJson>(),
  /** Why there is no quote. */
  failure: jsonb().$type<Failure>(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
})

/** A minter's work on one order. Its key names the order even after a roll-back of the chain; see lib/minting/job.ts. */
export const mints = pgTable(
  'mints',
  {
    copyId: text('copy_id').$type<CopyId>().notNull(),
    manifestRoot: text('manifest_root').$type<Hex>().notNull(),
    buyerSeedHash: text('buyer_seed_hash').$type<Hex>().notNull(),
    stage: text().$type<MintStage>().notNull(),
    /** Part of the stage that is done, 0 to 1. */
    done: numeric({ mode: 'number' }).notNull().default(0),
    /** Why the last try failed. */
    failure: jsonb().$type<Failure>(),
    /** No other try follows. */
    final: boolean().notNull().default(false),
    artifactRoot: text('artifact_root').$type<Hex>(),
    fingerprintRoot: text('fingerprint_root').$type<Hex>(),
    responsesRoot: text('responses_root').$type<Hex>(),
    ciphertextHash: text('ciphertext_hash').$type<Hex>(),
    files: jsonb().$type<ArtifactFile[]>(),
    report: jsonb().$type<SignedReport>(),
  },
  (table) => [primaryKey({ columns: [table.copyId, table.manifestRoot, table.buyerSeedHash] })],
)

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

/** Uses per window and name, for lib/market/http/rate-limit.ts. rate-limiter-flexible prescribes the columns. */
export const rateLimits = pgTable('rate_limits', {
  key: text().primaryKey(),
  points: integer().notNull(),
  expire: timestamp({ withTimezone: true }),
})
