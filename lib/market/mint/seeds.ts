import 'server-only'
import { and, eq, lt, notExists, sql } from 'drizzle-orm'
import { type Address, type Hex, hexToBytes, keccak256 } from 'viem'
import type { CopyId } from '../../chain/ids'
import { copies, seeds } from '../../db/schema'
import { deriveKey, seal, unseal } from '../../sealing/seal'
import { type Market, market } from '../context/context'
import { HttpError } from '../http/http-error'

const keyOf = (master: Uint8Array) => deriveKey(master, 'seeds')

/** Seeds of one account without an order. */
const mostUnused = 50
const keptDays = 30

/** No copy was ordered with it. */
const isUnused = (db: Market['db']) =>
  notExists(db.select({ one: sql`1` }).from(copies).where(eq(copies.buyerSeedHash, seeds.hash)))

/** Deletes seeds that no order has used for a month. A payment with a permit comes within minutes or never. */
export async function removeUnusedSeeds({ db }: Pick<Market, 'db'>): Promise<void> {
  await db.delete(seeds).where(and(lt(seeds.storedAt, sql`now() - make_interval(days => ${keptDays})`), isUnused(db)))
}

/**
 * Stores a buyer's seed, sealed. Returns its hash, which the order names. Throws `market.seeds-many`, and
 * `market.seed-taken` where another account has stored it.
 */
export async function storeSeed(owner: Address, seed: Hex): Promise<Hex> {
  const ctx = await market()
  const { db, master } = ctx
  const hash = keccak256(seed)
  const sealed = Buffer.from(seal(keyOf(master), hash, hexToBytes(seed))).toString('base64')
  const unused = and(eq(seeds.owner, owner), isUnused(db))
  if ((await db.$count(seeds, unused)) >= mostUnused)
    throw new HttpError(429, 'market.seeds-many', { limit: mostUnused })
  const [stored] = await db.insert(seeds).values({ hash, owner, sealed }).onConflictDoNothing().returning()
  if (!stored && !(await seedOf(ctx, owner, hash))) throw new HttpError(409, 'market.seed-taken')
  return hash
}

/** The copy that was ordered with this seed, or null. */
export async function copyOfSeed(hash: Hex): Promise<CopyId | null> {
  const { db } = await market()
  const [row] = await db.select({ id: copies.id }).from(copies).where(eq(copies.buyerSeedHash, hash))
  return row?.id ?? null
}

/** The seed with this hash, if this buyer stored it; else null. */
export async function seedOf({ db, master }: Market, owner: Address, hash: Hex): Promise<Uint8Array | null> {
  const [row] = await db
    .select()
    .from(seeds)
    .where(and(eq(seeds.hash, hash), eq(seeds.owner, owner)))
  return row ? seedOpener({ master })(row) : null
}

/** Opens rows of stored seeds. */
export function seedOpener({ master }: Pick<Market, 'master'>) {
  const key = keyOf(master)
  return ({ hash, sealed }: Pick<typeof seeds.$inferSelect, 'hash' | 'sealed'>) =>
    new Uint8Array(unseal(key, hash, Buffer.from(sealed, 'base64')))
}
