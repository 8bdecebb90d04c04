import 'server-only'
import { and, eq } from 'drizzle-orm'
import type { Address } from 'viem'
import { copies, models } from '../../db/schema'
import { type DisclosedKeySet, disclosedKeySet } from '../../fingerprint/keyset/disclosed-key-set'
import type { MintedCopy } from '../../fingerprint/keyset/minted-copy'
import { type OwnerKeySet, ownerKeySet } from '../../fingerprint/keyset/owner-key-set'
import { type Market, market } from '../context/context'
import { HttpError } from '../http/http-error'
import { type CopyRow, copyRows } from '../read/copy-view'
import { preparationOf } from './secrets'
import { seedOf } from './seeds'

/** What a buyer may check the own copy with. */
export async function buyerKeySet(buyer: Address, copyId: string): Promise<DisclosedKeySet> {
  const ctx = await market()
  const [row] = await copyRows(ctx, and(eq(copies.id, copyId), eq(copies.buyer, buyer))!)
  if (!row) throw new HttpError(404, `You have no copy ${copyId.slice(0, 80)}.`)
  const minted = await mintedCopy(ctx, row)
  const preparation = await preparationOf(ctx, row.copy.modelId, row.copy.version)
  if (!minted || !preparation) throw new HttpError(409, `Copy ${copyId} has not been minted yet.`)
  return disclosedKeySet(preparation, minted)
}

/** What a model's owner checks any suspect with: every key of its newest version, and every copy's codeword. */
export async function modelOwnerKeySet(owner: Address, modelId: string): Promise<OwnerKeySet> {
  const ctx = await market()
  const [model] = await ctx.db.select().from(models).where(eq(models.id, modelId))
  if (!model) throw new HttpError(404, `There is no model ${modelId.slice(0, 80)}.`)
  if (model.owner !== owner) throw new HttpError(403, `Model ${modelId} is not yours: its keys are for ${model.owner}.`)
  const preparation = await preparationOf(ctx, modelId, model.version)
  if (!preparation)
    throw new HttpError(409, `Model ${modelId} has no keys yet: they are made when the first copy is minted.`)
  const rows = await copyRows(ctx, and(eq(copies.modelId, modelId), eq(copies.version, model.version))!)
  const minted = await Promise.all(rows.map((row) => mintedCopy(ctx, row)))
  return ownerKeySet(
    preparation,
    minted.filter((copy) => copy !== null),
  )
}

async function mintedCopy(ctx: Market, { copy, mint }: CopyRow): Promise<MintedCopy | null> {
  if (!mint?.artifactRoot) return null
  const buyerSeed = await seedOf(ctx, copy.buyer, copy.buyerSeedHash)
  return buyerSeed && { copyId: copy.id, buyerSeed: new Uint8Array(buyerSeed) }
}
