import 'server-only'
import { and, eq } from 'drizzle-orm'
import type { Address } from 'viem'
import type { CopyId, ModelId } from '../../chain/ids'
import { copies } from '../../db/schema'
import { type DisclosedKeySet, disclosedKeySet } from '../../fingerprint/keyset/disclosed-key-set'
import { type OwnerKeySet, ownerKeySet } from '../../fingerprint/keyset/owner-key-set'
import { type Trace, trace } from '../../fingerprint/trace'
import type { VotesAndLogOdds } from '../../fingerprint/verify'
import { market } from '../context/context'
import { HttpError } from '../http/http-error'
import { copyRows } from '../read/copy-view'
import { mintedCopyOf } from './minted-copy'
import { keysMissing, mintedCopiesOf, ownedVersion } from './owned-version'
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
  return ownerKeySet((await preparedVersion(account, modelId)).preparation)
}

/**
 * The copies of a model's newest version, the visitors' among them, that gave these answers, one per key of its owner's key set.
 * The bits stay here: with them an owner could build a model that answers like a buyer's copy.
 */
export async function traceModel(account: Address, modelId: ModelId, answers: VotesAndLogOdds): Promise<Trace> {
  const { ctx, version, preparation } = await preparedVersion(account, modelId)
  return trace(preparation, await mintedCopiesOf(ctx, version), answers)
}

async function preparedVersion(account: Address, modelId: ModelId) {
  const { ctx, version } = await ownedVersion(account, modelId)
  const preparation = await preparationOf(ctx, modelId, version.version)
  if (!preparation) throw keysMissing(modelId)
  return { ctx, version, preparation }
}
