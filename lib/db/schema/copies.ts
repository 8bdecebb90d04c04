import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import type { Address, Hex } from 'viem'
import type { CopyId, ModelId } from '../../chain/ids'
import type { CopyEvent, CopyState, RefusalReason } from '../../chain/states'
import { amount, seconds } from './columns'

// Copies and those who mint them: a cache of the chain.

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
