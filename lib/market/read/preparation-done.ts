import 'server-only'
import { and, avg, eq } from 'drizzle-orm'
import { preparationShares, preparing, type versions } from '../../db/schema'
import type { Market } from '../context/context'

type VersionId = Pick<typeof versions.$inferSelect, 'modelId' | 'manifestRoot'>

/** The part of a preparation's time that its shares take: all before the harm of the last pilots is measured. */
const timeOfShares = 0.75

/** How much of a version's key pool is made, 0 to 1; null while no minter makes it. */
export async function preparationDone(
  { db }: Pick<Market, 'db'>,
  { modelId, manifestRoot }: VersionId,
): Promise<number | null> {
  const [whole] = await db
    .select({ done: preparing.done })
    .from(preparing)
    .where(and(eq(preparing.modelId, modelId), eq(preparing.manifestRoot, manifestRoot)))
  const [shares] = await db
    .select({ done: avg(preparationShares.done) })
    .from(preparationShares)
    .where(and(eq(preparationShares.modelId, modelId), eq(preparationShares.manifestRoot, manifestRoot)))
  if (shares.done === null) return whole?.done ?? null
  return Math.max(whole?.done ?? 0, timeOfShares * Number(shares.done))
}
