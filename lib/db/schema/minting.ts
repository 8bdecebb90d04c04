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
  uuid,
} from 'drizzle-orm/pg-core'
import type { Address, Hex } from 'viem'
import type { CopyId, ModelId } from '../../chain/ids'
import type { QuoteJson } from '../../chain/quote'
import type { ArtifactFile } from '../../manifest/artifact-file'
import type { Failure } from '../../minting/failure'
import type { HeardCopies } from '../../minting/listening'
import type { SignedReport } from '../../minting/report'
import type { MintStage } from '../../minting/stages'

// Seeds, preparations, quotes and mints, which exist nowhere else.

/** Buyers' seeds, sealed, by the hash in their order. */
export const seeds = pgTable('seeds', {
  hash: text().$type<Hex>().primaryKey(),
  owner: text().$type<Address>().notNull(),
  sealed: text().notNull(),
  storedAt: timestamp('stored_at', { withTimezone: true }).notNull().defaultNow(),
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
    /** Names the claim: whoever claims next has another one. */
    claim: uuid().notNull().defaultRandom(),
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
    /** Names its minter’s claim. */
    claim: uuid(),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.manifestRoot, table.of, table.part] })],
)

/** Steps of a preparation in shares: minters give them to each other, until the preparation is made. */
export const preparationSteps = pgTable(
  'preparation_steps',
  {
    modelId: text('model_id').$type<ModelId>().notNull(),
    manifestRoot: text('manifest_root').$type<Hex>().notNull(),
    /** A hash that minters of the version know. */
    name: text().notNull(),
    /** The claim of the minter that makes it; null where nobody does. It counts while that claim is held. */
    maker: uuid(),
    /** The blob with the sealed result, once it is made. */
    blob: text(),
    size: bigint({ mode: 'number' }),
    claimedAt: timestamp('claimed_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.manifestRoot, table.name] })],
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

/** Recorded answers that a model's owner lets a minter judge. The transcripts' blob is deleted when that is done. */
export const listenings = pgTable(
  'listenings',
  {
    id: uuid().primaryKey().defaultRandom(),
    modelId: text('model_id').$type<ModelId>().notNull(),
    manifestRoot: text('manifest_root').$type<Hex>().notNull(),
    account: text().$type<Address>().notNull(),
    /** The blob with the sealed transcripts, and how many they are. */
    blob: text().notNull(),
    texts: integer().notNull(),
    /** Part that is done, 0 to 1. */
    done: numeric({ mode: 'number' }).notNull().default(0),
    /** Names the claim of the minter that works on it, which ends when nothing was heard of it for a while. */
    claim: uuid(),
    heardAt: timestamp('heard_at', { withTimezone: true }),
    /** How often it was claimed. */
    tries: integer().notNull().default(0),
    heard: jsonb().$type<HeardCopies>(),
    /** Why nothing could be found out. */
    failure: jsonb().$type<Failure>(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  ({ createdAt }) => [index('listenings_waiting').on(createdAt).where(sql`heard is null and failure is null`)],
)

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
