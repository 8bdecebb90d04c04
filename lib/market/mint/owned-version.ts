import 'server-only'
import { and, eq, isNotNull } from 'drizzle-orm'
import type { Address } from 'viem'
import type { CopyId, ModelId } from '../../chain/ids'
import { copies, mints, models, seeds, versions } from '../../db/schema'
import type { MintedCopy } from '../../fingerprint/keyset/minted-copy'
import { visitorsCopy } from '../../minting/visitors-copy'
import { type Market, market } from '../context/context'
import { HttpError } from '../http/http-error'
import { controllerOf } from '../read/control-of'
import { isMintOfCopy, isVersionOfCopy } from '../read/copy-view'
import { visitorsFiles } from '../read/visitors-files'
import { seedOpener } from './seeds'

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
): Promise<(MintedCopy & { copyId: CopyId })[]> {
  const open = seedOpener(ctx)
  const rows = await ctx.db
    .select({ copyId: copies.id, hash: seeds.hash, sealed: seeds.sealed })
    .from(copies)
    .innerJoin(versions, isVersionOfCopy)
    .innerJoin(mints, isMintOfCopy)
    .innerJoin(seeds, and(eq(seeds.hash, copies.buyerSeedHash), eq(seeds.owner, copies.buyer)))
    .where(and(eq(copies.modelId, modelId), eq(copies.version, version), isNotNull(mints.artifactRoot)))
  const bought = rows.map(({ copyId, ...seed }) => ({ copyId, buyerSeed: open(seed) }))
  return (await visitorsFiles(ctx, modelId, version)) ? [...bought, visitorsCopy] : bought
}
