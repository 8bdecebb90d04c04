import 'server-only'
import { and, eq } from 'drizzle-orm'
import type { Address } from 'viem'
import type { ModelId } from '../../chain/ids'
import { copies, models, versions } from '../../db/schema'
import type { MintedCopy } from '../../fingerprint/keyset/minted-copy'
import { visitorsCopy } from '../../minting/visitors-copy'
import { type Market, market } from '../context/context'
import { HttpError } from '../http/http-error'
import { controllerOf } from '../read/control-of'
import { copyRows } from '../read/copy-view'
import { visitorsFiles } from '../read/visitors-files'
import { mintedCopyOf } from './minted-copy'

export type OwnedVersion = { ctx: Market; version: typeof versions.$inferSelect }

/** A model's newest version, for its owner. Throws `market.model-unknown`, `market.model-not-yours`, `market.keys-missing`. */
export async function ownedVersion(account: Address, modelId: ModelId): Promise<OwnedVersion> {
  const ctx = await market()
  const [model] = await ctx.db.select().from(models).where(eq(models.id, modelId))
  if (!model) throw new HttpError(404, 'market.model-unknown', { model: modelId })
  const controller = await controllerOf(ctx, modelId)
  if (controller !== account) throw new HttpError(403, 'market.model-not-yours', { model: modelId, controller })
  const [version] = await ctx.db
    .select()
    .from(versions)
    .where(and(eq(versions.modelId, modelId), eq(versions.version, model.version)))
  if (!version) throw keysMissing(modelId)
  return { ctx, version }
}

export const keysMissing = (model: ModelId) => new HttpError(409, 'market.keys-missing', { model })

/** The copies of a version that were minted here, the visitors' among them. */
export async function mintedCopiesOf(
  ctx: Market,
  { modelId, version }: Pick<OwnedVersion['version'], 'modelId' | 'version'>,
): Promise<MintedCopy[]> {
  const rows = await copyRows(ctx, and(eq(copies.modelId, modelId), eq(copies.version, version))!)
  const minted = await Promise.all(rows.map((row) => mintedCopyOf(ctx, row)))
  const bought = minted.filter((copy) => copy !== null)
  return (await visitorsFiles(ctx, modelId, version)) ? [...bought, visitorsCopy] : bought
}
