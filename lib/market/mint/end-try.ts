import 'server-only'
import { mints } from '../../db/schema'
import type { Lease } from '../../jobs/queue'
import type { FailedTry } from '../../minting/failed-try'
import type { MintJob } from '../../minting/job'
import type { Market } from '../context/context'
import { isMintOf } from './is-mint-of'

/** Ends a lease whose try failed, and notes why and whether another try follows. */
export async function endTry(
  { db, queue }: Pick<Market, 'db' | 'queue'>,
  lease: Lease<MintJob>,
  { failure, final }: FailedTry,
): Promise<void> {
  const last = await queue.fail(lease, failure, final)
  await db.update(mints).set({ stage: 'queued', done: 0, failure, final: last }).where(isMintOf(lease.job))
}
