import 'server-only'
import { and, eq } from 'drizzle-orm'
import type { ModelId } from '../../chain/ids'
import { versions } from '../../db/schema'
import type { Preparation } from '../../fingerprint/format/preparation'
import { unsealPreparation } from '../../minting/sealed-preparation'
import { readBlob } from '../../storage/read-blob'
import type { Market } from '../context/context'
import { preparationBlob } from './preparation-blob'
import { versionSecret } from './version-secret'

/** A version's preparation; null before its first copy is minted. */
export async function preparationOf(ctx: Market, modelId: ModelId, version: number): Promise<Preparation | null> {
  const [row] = await ctx.db
    .select()
    .from(versions)
    .where(and(eq(versions.modelId, modelId), eq(versions.version, version)))
  const blob = row && (await preparationBlob(ctx, row))
  if (!blob) return null
  return unsealPreparation(versionSecret(ctx, row), await readBlob(ctx.blobs, blob))
}
