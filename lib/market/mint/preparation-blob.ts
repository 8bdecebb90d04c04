import 'server-only'
import { and, eq } from 'drizzle-orm'
import { preparations } from '../../db/schema'
import type { Market } from '../context/context'
import type { VersionId } from './version-secret'

/** The blob with the version's sealed preparation; null before its first copy is minted. */
export async function preparationBlob(
  { db }: Pick<Market, 'db'>,
  { modelId, manifestRoot }: VersionId,
): Promise<string | null> {
  const [row] = await db
    .select()
    .from(preparations)
    .where(and(eq(preparations.modelId, modelId), eq(preparations.manifestRoot, manifestRoot)))
  return row?.blob ?? null
}
