import 'server-only'
import { and, eq, type SQL } from 'drizzle-orm'
import { copies, mints, versions } from '../../db/schema'
import { jobKey } from '../../minting/job'
import type { Market } from '../context/context'
import { namesOf } from './model-summary'
import type { CopyView, MintProgress } from './views'

type Mint = typeof mints.$inferSelect
export type CopyRow = { copy: typeof copies.$inferSelect; mint: Mint | null }

/** Joins copies with their version, and both with the minter's work on the copy. */
export const isVersionOfCopy = and(eq(versions.modelId, copies.modelId), eq(versions.version, copies.version))
export const isMintOfCopy = and(
  eq(mints.copyId, copies.id),
  eq(mints.manifestRoot, versions.manifestRoot),
  eq(mints.buyerSeedHash, copies.buyerSeedHash),
)

/** Copies with the minter's work on them, newest first. */
export async function copyRows({ db }: Pick<Market, 'db'>, where: SQL): Promise<CopyRow[]> {
  const rows = await db
    .select({ copy: copies, mint: mints })
    .from(copies)
    .innerJoin(versions, isVersionOfCopy)
    .leftJoin(mints, isMintOfCopy)
    .where(where)
  return rows.sort((a, b) => Number(BigInt(b.copy.id) - BigInt(a.copy.id)))
}

/** These copies as their buyer may see them: with files and report once they are delivered. */
export async function copyViews({ db, queue }: Pick<Market, 'db' | 'queue'>, rows: CopyRow[]): Promise<CopyView[]> {
  const nameOf = await namesOf(
    { db },
    rows.map(({ copy }) => copy.modelId),
  )
  const waiting = rows.some(({ mint }) => mint?.stage === 'queued') ? await queue.waiting() : []
  return rows.map(({ copy, mint }) => {
    const delivered = copy.artifactRoot !== null && copy.artifactRoot === mint?.artifactRoot
    return {
      id: copy.id,
      model: { id: copy.modelId, name: nameOf(copy.modelId) },
      version: copy.version,
      buyer: copy.buyer,
      state: copy.state,
      price: copy.price,
      collateral: copy.collateral,
      lost: copy.lost,
      leakBond: copy.leakBond,
      leakTail: copy.leakTail,
      mintFee: BigInt(copy.mintFee),
      penalty: copy.penalty,
      minter: copy.minter,
      refusal: copy.reason && { reason: copy.reason, evidence: copy.evidence ?? '' },
      redelivered: copy.redelivered,
      orderedAt: copy.orderedAt,
      deliverDeadline: copy.deliverDeadline,
      acceptDeadline: copy.acceptDeadline,
      answerDeadline: copy.answerDeadline,
      thawEndsAt: copy.thawEndsAt,
      orderTx: copy.orderTx,
      artifactRoot: copy.artifactRoot,
      fingerprintRoot: copy.fingerprintRoot,
      progress: progressOf(copy.state, mint, waiting),
      report: delivered ? mint.report : null,
      files: delivered ? (mint.files ?? []).map(({ path, size, sha256 }) => ({ path, size, sha256 })) : [],
    }
  })
}

function progressOf(state: CopyView['state'], mint: Mint | null, waiting: string[]): MintProgress {
  if (state !== 'ordered') return { stage: 'done', done: 1, queuePlace: 0, failure: null }
  if (!mint) return { stage: 'queued', done: 0, queuePlace: waiting.length, failure: null }
  return {
    stage: mint.stage,
    done: mint.done,
    queuePlace: Math.max(waiting.indexOf(jobKey(mint)), 0),
    failure: mint.failure && { ...mint.failure, final: mint.final },
  }
}
