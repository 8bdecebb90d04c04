import 'server-only'
import { toHex } from 'viem'
import { signerOf } from '../../chain/report-signature'
import { mints } from '../../db/schema'
import type { Lease } from '../../jobs/queue'
import { manifestTree } from '../../manifest/manifest'
import type { Artifact } from '../../minting/artifact'
import type { MintJob } from '../../minting/job'
import type { LeaseId } from '../../minting/lease'
import type { Market } from '../context/context'
import { HttpError } from '../http/http-error'
import { assertSegments } from './assert-segments'
import { isMintOf } from './is-mint-of'
import { requireLease } from './require-lease'
import { filesOf } from './work-blobs'

/** Checks and stores a minted copy before it is delivered, so that a delivery can be tried again without minting again. */
export async function keepArtifact(id: LeaseId, artifact: Artifact): Promise<void> {
  const ctx = await requireLease(id)
  const { db, deployment, lease } = ctx
  await assertFilesWhole(ctx, artifact)
  await assertSigned(deployment, lease.job, artifact)
  await db.update(mints).set(artifact).where(isMintOf(lease.job))
}

async function assertFilesWhole(
  ctx: Market & { lease: Lease<MintJob> },
  { artifactRoot, files }: Artifact,
): Promise<void> {
  const found = toHex(manifestTree(files).root)
  if (found !== artifactRoot) throw new HttpError(400, 'minting.artifact-root', { announced: artifactRoot, found })
  await assertSegments(ctx, files, await filesOf(ctx, ctx.lease.job))
}

async function assertSigned(deployment: Market['deployment'], { copyId }: MintJob, artifact: Artifact): Promise<void> {
  const { signer, signature, ...report } = artifact.report
  const { artifactRoot, fingerprintRoot } = artifact
  const { chainId, contracts } = deployment
  const subject = { chainId, copyRegistry: contracts.copyRegistry, copyId, artifactRoot, fingerprintRoot }
  const recovered = await signerOf(subject, report, signature).catch(() => null)
  if (recovered !== signer) throw new HttpError(400, 'minting.report-signer', { signer, recovered })
}
