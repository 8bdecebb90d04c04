import 'server-only'
import type { FailedTry } from '../../minting/failed-try'
import type { LeaseId } from '../../minting/lease'
import { endTry } from './end-try'
import { requireLease } from './require-lease'

/** Ends the lease of a try that failed. */
export async function failOrder(id: LeaseId, failed: FailedTry): Promise<void> {
  const ctx = await requireLease(id)
  await endTry(ctx, ctx.lease, failed)
}
