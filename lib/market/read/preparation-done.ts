import 'server-only'
import { and, eq } from 'drizzle-orm'
import { preparing, type versions } from '../../db/schema'
import type { Market } from '../context/context'

type VersionId = Pick<typeof versions.$inferSelect, 'modelId' | 'manifestRoot'>

/** How much of a version's key pool is made, 0 to 1; null while no minter makes it. */
export async function preparationDone(
  { db }: Pick<Market, 'db'>,
  { modelId, manifestRoot }: VersionId,
): Promise<number | null> {
  const [row] = await db
    .select({ done: preparing.done })
    .from(preparing)
    .where(and(eq(preparing.modelId, modelId), eq(preparing.manifestRoot, manifestRoot)))
  return row?.done ?? null
}
