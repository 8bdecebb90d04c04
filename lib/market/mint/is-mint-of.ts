import 'server-only'
import { and, eq, type SQL } from 'drizzle-orm'
import { mints } from '../../db/schema'
import type { OrderId } from '../../minting/job'

/** Selects the row of one order. */
export function isMintOf({ copyId, manifestRoot, buyerSeedHash }: OrderId): SQL | undefined {
  return and(eq(mints.copyId, copyId), eq(mints.manifestRoot, manifestRoot), eq(mints.buyerSeedHash, buyerSeedHash))
}
