import 'server-only'
import { statfs } from 'node:fs/promises'
import { desc, sql } from 'drizzle-orm'
import { blocks, mints } from '../../db/schema'
import { market } from '../context/context'

/** A database that has not answered by then counts as away. */
const patienceMs = 2_000

/** Whether the chain answers, the newest block and the newest indexed block, how fast this process indexes, and how many orders wait. */
export async function health() {
  const { client, db, queue, progress } = await market()
  const head = await client.getBlockNumber({ cacheTime: 0 }).then(Number, () => null)
  const [indexed] = await db.select().from(blocks).orderBy(desc(blocks.number)).limit(1)
  const { leads, speed, total } = progress.now()
  return {
    ok: head !== null,
    chain: { head, indexed: indexed?.number ?? null },
    indexing: { leads, logsPerSecond: speed, logs: total },
    minting: await queue.counts(),
  }
}

/** Whether this process can serve: the database answers, and nobody has asked the process to end. */
export async function readiness() {
  const { db, stopping } = await market()
  const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), patienceMs).unref())
  const asked = db.execute(sql`select 1`).then(
    () => true,
    () => false,
  )
  const database = await Promise.race([asked, late])
  const stops = stopping.signal.aborted
  return { ready: database && !stops, database, stopping: stops }
}

/** What the metrics show besides what is counted as it happens. */
export async function figures() {
  const { db, env } = await market()
  const [report, { ready }, failed, disk] = await Promise.all([
    health(),
    readiness(),
    db.$count(mints, sql`${mints.final}`),
    statfs(env.data),
  ])
  const { chain, indexing, minting } = report
  return { ready, chain, indexing, minting: { ...minting, failed }, freeBytes: disk.bavail * disk.bsize }
}
