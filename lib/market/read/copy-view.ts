import { and, eq, inArray, type SQL } from 'drizzle-orm'
import type { Address, Hex } from 'viem'
import { copies, mints, versions } from '../../db/schema'
import { orderKey } from '../../minting/order-key'
import type { Market } from '../context/context'
import { namesOf } from './model-summary'
import type { CopyView, MintProgress, SignedReport } from './views'

type Mint = typeof mints.$inferSelect
export type CopyRow = { copy: typeof copies.$inferSelect; manifestRoot: string; mint: Mint | null }

/** Copies with the minter's work on them, newest first. */
export async function copyRows({ db }: Pick<Market, 'db'>, where: SQL): Promise<CopyRow[]> {
  const rows = await db
    .select({ copy: copies, manifestRoot: versions.manifestRoot })
    .from(copies)
    .innerJoin(versions, and(eq(versions.modelId, copies.modelId), eq(versions.version, copies.version)))
    .where(where)
  const keys = rows.map(({ copy, manifestRoot }) => orderKey(copy, manifestRoot))
  const work = keys.length > 0 ? await db.select().from(mints).where(inArray(mints.key, keys)) : []
  const byKey = new Map(work.map((mint) => [mint.key, mint]))
  return rows
    .map((row, i) => ({ ...row, mint: byKey.get(keys[i]) ?? null }))
    .sort((a, b) => Number(BigInt(b.copy.id) - BigInt(a.copy.id)))
}

/** What the buyer may see of these copies: files and report once they are delivered. */
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
      buyer: copy.buyer as Address,
      state: copy.state,
      price: copy.price,
      collateral: copy.collateral,
      orderedAt: copy.orderedAt,
      deliverDeadline: copy.deliverDeadline,
      acceptDeadline: copy.acceptDeadline,
      thawEndsAt: copy.thawEndsAt,
      orderTx: copy.orderTx as Hex,
      artifactRoot: copy.artifactRoot as Hex | null,
      fingerprintRoot: copy.fingerprintRoot as Hex | null,
      progress: progressOf(copy.state, mint, waiting),
      // A copy minted before reports were signed has none that can be shown.
      report: delivered && mint.report && 'signature' in mint.report ? (mint.report as SignedReport) : null,
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
    queuePlace: Math.max(waiting.indexOf(mint.key), 0),
    failure: mint.failure ? { message: mint.failure, final: mint.final } : null,
  }
}
