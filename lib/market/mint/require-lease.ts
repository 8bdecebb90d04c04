import 'server-only'
import type { Lease } from '../../jobs/queue'
import type { MintJob } from '../../minting/job'
import { type LeaseId, leaseIdSchema } from '../../minting/lease'
import { type Market, market } from '../context/context'
import { HttpError } from '../http/http-error'

/** The lease that a minter names. Throws `minting.lease-over`, so that two minters never report on one copy. */
export async function requireLease(id: LeaseId): Promise<Market & { lease: Lease<MintJob> }> {
  const ctx = await market()
  const lease = await ctx.queue.leased(id)
  if (!lease) throw new HttpError(409, 'minting.lease-over')
  return { ...ctx, lease }
}

/** The lease that a URL names. */
export function leaseParams(params: { id: string; attempt: string }): LeaseId {
  const { data } = leaseIdSchema.safeParse(params)
  if (!data) throw new HttpError(409, 'minting.lease-over')
  return data
}
