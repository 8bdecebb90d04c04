import 'server-only'
import { and, eq } from 'drizzle-orm'
import type { Address } from 'viem'
import type { CopyId, ModelId } from '../../chain/ids'
import { copies, models } from '../../db/schema'
import { type DisclosedKeySet, disclosedKeySet } from '../../fingerprint/keyset/disclosed-key-set'
import { type OwnerKeySet, ownerKeySet } from '../../fingerprint/keyset/owner-key-set'
import { type Trace, trace } from '../../fingerprint/trace'
import type { VotesAndLogOdds } from '../../fingerprint/verify'
import { visitorsCopy } from '../../minting/visitors-copy'
import { market } from '../context/context'
import { HttpError } from '../http/http-error'
import { controllerOf } from '../read/control-of'
import { copyRows } from '../read/copy-view'
import { visitorsFiles } from '../read/visitors-files'
import { mintedCopyOf } from './minted-copy'
import { preparationOf } from './preparation-of'

/** The disclosed keys of a copy, with which its buyer can check it. */
export async function buyerKeySet(buyer: Address, copyId: CopyId): Promise<DisclosedKeySet> {
  const ctx = await market()
  const [row] = await copyRows(ctx, and(eq(copies.id, copyId), eq(copies.buyer, buyer))!)
  if (!row) throw new HttpError(404, 'market.copy-not-yours', { copy: copyId })
  const minted = await mintedCopyOf(ctx, row)
  const preparation = await preparationOf(ctx, row.copy.modelId, row.copy.version)
  if (!minted || !preparation) throw new HttpError(409, 'market.copy-not-minted', { copy: copyId })
  return disclosedKeySet(preparation, minted)
}

/** Every key of a model's newest version, with which its owner can ask any suspect. It holds no copy's bits. */
export async function modelOwnerKeySet(account: Address, modelId: ModelId): Promise<OwnerKeySet> {
  return ownerKeySet((await ownedVersion(account, modelId)).preparation)
}

/**
 * The copies of a model's newest version, the visitors' among them, that gave these answers, one per key of its owner's key set.
 * The bits stay here: with them an owner could build a model that answers like a buyer's copy.
 */
export async function traceModel(account: Address, modelId: ModelId, answers: VotesAndLogOdds): Promise<Trace> {
  const { ctx, version, preparation, forVisitors } = await ownedVersion(account, modelId)
  const rows = await copyRows(ctx, and(eq(copies.modelId, modelId), eq(copies.version, version))!)
  const minted = await Promise.all(rows.map((row) => mintedCopyOf(ctx, row)))
  const bought = minted.filter((copy) => copy !== null)
  return trace(preparation, forVisitors ? [...bought, visitorsCopy] : bought, answers)
}

async function ownedVersion(account: Address, modelId: ModelId) {
  const ctx = await market()
  const [model] = await ctx.db.select().from(models).where(eq(models.id, modelId))
  if (!model) throw new HttpError(404, 'market.model-unknown', { model: modelId })
  const controller = await controllerOf(ctx, modelId)
  if (controller !== account) throw new HttpError(403, 'market.model-not-yours', { model: modelId, controller })
  const { version } = model
  const preparation = await preparationOf(ctx, modelId, version)
  if (!preparation) throw new HttpError(409, 'market.keys-missing', { model: modelId })
  return { ctx, version, preparation, forVisitors: (await visitorsFiles(ctx, modelId, version)) !== null }
}
