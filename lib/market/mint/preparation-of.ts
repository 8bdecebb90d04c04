import 'server-only'
import { and, eq } from 'drizzle-orm'
import type { ModelId } from '../../chain/ids'
import { versions } from '../../db/schema'
import type { Preparation } from '../../fingerprint/format/preparation'
import { unsealPreparation } from '../../minting/sealed-preparation'
import { readBlob } from '../../storage/read-blob'
import type { Market } from '../context/context'
import { preparationRow } from './preparation-row'
import { versionSecret } from './version-secret'

/** A version's preparation; null before its first copy is minted. */
export async function preparationOf(ctx: Market, modelId: ModelId, version: number): Promise<Preparation | null> {
  const [row] = await ctx.db
    .select()
    .from(versions)
    .where(and(eq(versions.modelId, modelId), eq(versions.version, version)))
  const made = row && (await preparationRow(ctx, row))
  return made ? unsealPreparation(versionSecret(ctx, row), await readBlob(ctx.blobs, made.blob)) : null
}
