import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core'
import type { Address, Hex } from 'viem'
import type { ModelId } from '../../chain/ids'
import type { Obligations } from '../../chain/obligations'
import type { Relation } from '../../chain/states'
import type { Metadata } from '../../manifest/metadata'
import { amount, inBytes, searchVector, seconds } from './columns'

// Models: a cache of the chain, but for `listings`, which follow from it.

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

/** Each model's ModelShares contract. A transfer of any other contract is none of ours. */
export const clones = pgTable('clones', {
  shares: text().$type<Address>().primaryKey(),
  modelId: text('model_id').$type<ModelId>().notNull(),
})

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
 * A row has what lists show of a model's newest version, from its metadata and its registration. It goes with that version,
 * and is written again from these.
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
    /** As `edges` and `ancestors` have them, in their order: fixed at the registration. */
    parents: text().array().$type<ModelId[]>().notNull(),
    lineage: jsonb().$type<Obligations['lineage']>().notNull(),
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

/**
 * Every word of `listings.search`, with how many models have it. Triggers of the database keep it, so it follows from the
 * listings.
 */
export const listingWords = pgTable('listing_words', {
  word: inBytes().primaryKey(),
  models: integer().notNull(),
})

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
