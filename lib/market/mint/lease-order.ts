import 'server-only'
import { and, desc, eq } from 'drizzle-orm'
import { bytesToHex } from 'viem'
import { copyRegistryAbi } from '../../chain/generated'
import type { CopyId } from '../../chain/ids'
import { copyStates } from '../../chain/states'
import { copies, mints, quotes, versions } from '../../db/schema'
import { KinmarkError } from '../../error'
import type { Lease } from '../../jobs/queue'
import { failureOf } from '../../minting/failure'
import type { MintJob } from '../../minting/job'
import type { MintOrder } from '../../minting/order'
import { type Market, market } from '../context/context'
import { endTry } from './end-try'
import { isMintOf } from './is-mint-of'
import { preparationBlob } from './preparation-blob'
import { seedOf } from './seeds'
import { versionSecret } from './version-secret'

/** The next order to mint, or null. Jobs whose order is no longer open are completed on the way. */
export async function leaseOrder(): Promise<MintOrder | null> {
  const ctx = await market()
  for (;;) {
    const lease = await ctx.queue.lease()
    if (!lease) return null
    const order = await orderOf(ctx, lease)
    if (order) return order
  }
}

async function orderOf(ctx: Market, lease: Lease<MintJob>): Promise<MintOrder | null> {
  const { db, queue } = ctx
  const { id, attempt, job } = lease
  const [row] = await db
    .select({ buyer: copies.buyer, metadata: versions.metadata })
    .from(copies)
    .innerJoin(versions, and(eq(versions.modelId, copies.modelId), eq(versions.version, copies.version)))
    .where(
      and(
        eq(copies.id, job.copyId),
        eq(copies.buyerSeedHash, job.buyerSeedHash),
        eq(versions.manifestRoot, job.manifestRoot),
      ),
    )
  if (!row?.metadata || !(await isOpen(ctx, job.copyId))) {
    await queue.complete(lease)
    return null
  }
  const seed = await seedOf(ctx, row.buyer, job.buyerSeedHash)
  const preparation = await preparationBlob(ctx, job)
  if (!seed || !preparation) {
    const failure = failureOf(
      new KinmarkError(seed ? 'minting.keys-missing' : 'minting.seed-missing', { copy: job.copyId }),
    )
    await endTry(ctx, lease, { failure, final: true })
    return null
  }
  const [{ artifactRoot, fingerprintRoot, responsesRoot, ciphertextHash }] = await db
    .update(mints)
    .set({ stage: 'load', done: 0, failure: null })
    .where(isMintOf(job))
    .returning()
  return {
    lease: { id, attempt },
    request: await requestOf(ctx, job),
    job,
    files: row.metadata.files,
    buyerSeed: bytesToHex(seed),
    secret: bytesToHex(versionSecret(ctx, job)),
    preparation,
    minted:
      artifactRoot && fingerprintRoot && responsesRoot && ciphertextHash
        ? { artifactRoot, fingerprintRoot, responsesRoot, ciphertextHash }
        : null,
  }
}

async function requestOf({ db }: Market, { buyerSeedHash }: MintJob): Promise<string | null> {
  const [quote] = await db
    .select({ id: quotes.id })
    .from(quotes)
    .where(eq(quotes.buyerSeedHash, buyerSeedHash))
    .orderBy(desc(quotes.createdAt))
    .limit(1)
  return quote?.id ?? null
}

/** Asks the chain, since the index may be some blocks behind. */
async function isOpen({ client, deployment }: Market, copyId: CopyId): Promise<boolean> {
  const { state } = await client.readContract({
    address: deployment.contracts.copyRegistry,
    abi: copyRegistryAbi,
    functionName: 'copies',
    args: [BigInt(copyId)],
  })
  return copyStates[state] === 'ordered'
}
