import 'server-only'
import { timingSafeEqual } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import { bytesToHex, toHex } from 'viem'
import { copyRegistryAbi } from '../../chain/generated'
import { signerOf } from '../../chain/report-signature'
import { copyStates } from '../../chain/states'
import { copies, mints, preparations, versions } from '../../db/schema'
import type { Lease, MintJob } from '../../jobs/queue'
import { manifestTree } from '../../manifest/manifest'
import type { Artifact, MintOrder, MintUpdate } from '../../minting/mint-order'
import { orderKey } from '../../minting/order-key'
import { type Market, market } from '../context/context'
import { HttpError } from '../http/http-error'
import { preparationKey, versionSecret } from './secrets'
import { seedOf } from './seeds'

/** The next order to mint, or null. Orders that need nothing any more are passed over. */
export async function leaseOrder(): Promise<MintOrder | null> {
  const ctx = await market()
  for (;;) {
    const lease = await ctx.queue.lease()
    if (!lease) return null
    const order = await orderOf(ctx, lease)
    if (order) return order
  }
}

async function orderOf(ctx: Market, lease: Lease): Promise<MintOrder | null> {
  const { db, queue, env } = ctx
  const { key, copyId } = lease.job
  const [row] = await db
    .select({ copy: copies, version: versions })
    .from(copies)
    .innerJoin(versions, and(eq(versions.modelId, copies.modelId), eq(versions.version, copies.version)))
    .where(eq(copies.id, copyId))
  const metadata = row?.version.metadata
  if (!metadata || orderKey(row.copy, row.version.manifestRoot) !== key || !(await isOpen(ctx, copyId))) {
    await queue.complete(lease)
    return null
  }
  const { copy, version } = row
  const seed = await seedOf(ctx, copy.buyer, copy.buyerSeedHash)
  if (!seed) {
    await giveBack(
      ctx,
      lease,
      'The seed that this order names was never stored here, so the copy cannot be minted.',
      true,
    )
    return null
  }
  const [prepared] = await db
    .select()
    .from(preparations)
    .where(eq(preparations.key, preparationKey(version)))
  const [{ artifactRoot, fingerprintRoot }] = await db
    .update(mints)
    .set({ stage: 'load', done: 0, failure: null })
    .where(eq(mints.key, key))
    .returning()
  return {
    job: `${lease.id}.${lease.attempt}`,
    copyId,
    files: metadata.files,
    buyerSeed: bytesToHex(seed),
    secret: bytesToHex(versionSecret(ctx, version)),
    keys: env.fingerprintKeys,
    preparation: prepared?.blob ?? null,
    minted: artifactRoot && fingerprintRoot ? { artifactRoot, fingerprintRoot } : null,
  }
}

/** The chain itself is asked: the index may be a moment behind it. */
async function isOpen({ client, deployment }: Market, copyId: string): Promise<boolean> {
  const { state } = await client.readContract({
    address: deployment.contracts.copyRegistry,
    abi: copyRegistryAbi,
    functionName: 'copies',
    args: [BigInt(copyId)],
  })
  return copyStates[state] === 'ordered'
}

export async function reportProgress(name: string, { stage, done, preparation }: MintUpdate): Promise<void> {
  const { db, queue, blobs, lease } = await leased(name)
  await queue.heartbeat(lease)
  await db.update(mints).set({ stage, done }).where(eq(mints.key, lease.job.key))
  if (!preparation) return
  if ((await blobs.size(preparation)) === null) throw new HttpError(409, `There is no blob ${preparation}.`)
  const [copy] = await db.select().from(copies).where(eq(copies.id, lease.job.copyId))
  const key = preparationKey({ modelId: copy.modelId, manifestRoot: lease.job.key.split(':')[1] })
  await db.insert(preparations).values({ key, blob: preparation }).onConflictDoNothing()
}

/** Keeps what was minted before it is delivered, so that a delivery can be repeated without minting again. */
export async function keepArtifact(name: string, artifact: Artifact): Promise<void> {
  const { db, blobs, deployment, lease } = await leased(name)
  if (toHex(manifestTree(artifact.files).root) !== artifact.artifactRoot)
    throw new HttpError(400, `The files do not have the artifact root ${artifact.artifactRoot}.`)
  for (const { path, size, segments } of artifact.files) {
    const length = segments.reduce((sum, segment) => sum + segment.length, 0)
    if (length !== size) throw new HttpError(400, `“${path}” has ${size} bytes; its segments have ${length}.`)
    for (const segment of segments) {
      const available = (await blobs.size(segment.blob)) ?? 0
      if (segment.offset + segment.length > available)
        throw new HttpError(400, `“${path}” needs ${segment.offset + segment.length} bytes of a blob of ${available}.`)
    }
  }
  const { signer, signature, ...report } = artifact.report
  const { artifactRoot, fingerprintRoot } = artifact
  const { chainId, contracts } = deployment
  const subject = {
    chainId,
    copyRegistry: contracts.copyRegistry,
    copyId: lease.job.copyId,
    artifactRoot,
    fingerprintRoot,
  }
  const signed = await signerOf(subject, report, signature).catch(() => null)
  if (signed !== signer) throw new HttpError(400, `The report is signed by ${signed ?? 'nobody'}, not by ${signer}.`)
  await db.update(mints).set(artifact).where(eq(mints.key, lease.job.key))
}

export async function completeOrder(name: string): Promise<void> {
  const { db, queue, lease } = await leased(name)
  await db.update(mints).set({ stage: 'done', done: 1, failure: null }).where(eq(mints.key, lease.job.key))
  await queue.complete(lease)
}

export async function failOrder(name: string, message: string, final: boolean): Promise<void> {
  const ctx = await leased(name)
  await giveBack(ctx, ctx.lease, message, final)
}

async function giveBack({ db, queue }: Market, lease: Lease, message: string, final: boolean): Promise<void> {
  const last = await queue.fail(lease, message, final)
  await db
    .update(mints)
    .set({ stage: 'queued', done: 0, failure: message, final: last })
    .where(eq(mints.key, lease.job.key))
}

/** The lease that a minter names; one that is over is refused, so two minters never write about one copy. */
async function leased(name: string): Promise<Market & { lease: Lease }> {
  const ctx = await market()
  const [, id, attempt] = /^([0-9a-f-]{36})\.(\d{1,4})$/.exec(name) ?? []
  const job: MintJob | null = id ? await ctx.queue.leased(id, Number(attempt)) : null
  if (!job) throw new HttpError(409, 'This lease is over: somebody else has the job, or it is done.')
  return { ...ctx, lease: { id, attempt: Number(attempt), job } }
}

export async function requireMinter(headers: Headers): Promise<void> {
  const { minterToken } = await market()
  const given = Buffer.from(headers.get('authorization')?.replace(/^Bearer /, '') ?? '')
  const expected = Buffer.from(minterToken)
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new HttpError(401, 'This is for minters: the bearer token is missing or wrong.')
}
