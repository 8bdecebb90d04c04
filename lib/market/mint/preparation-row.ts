import 'server-only'
import { and, eq } from 'drizzle-orm'
import { preparations } from '../../db/schema'
import type { Market } from '../context/context'
import type { VersionId } from './version-secret'

/** The blob with the version's sealed preparation, and its copy for visitors; null before the preparation was made. */
export async function preparationRow(
  { db }: Pick<Market, 'db'>,
  { modelId, manifestRoot }: VersionId,
): Promise<typeof preparations.$inferSelect | null> {
  const [row] = await db
    .select()
    .from(preparations)
    .where(and(eq(preparations.modelId, modelId), eq(preparations.manifestRoot, manifestRoot)))
  return row ?? null
}
