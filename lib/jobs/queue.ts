import { fromPglite, PgBoss } from 'pg-boss'
import type { Database } from '../db/open'

/** Queued work on a copy. `key` is the order that it is for. */
export type MintJob = { key: string; copyId: string }

/** A worker's claim on a job. It is lost when heartbeats stay away for `leaseSeconds`. */
export type Lease = { id: string; attempt: number; job: MintJob }

export type Queue = {
  /** Queues the job, unless one with this key is queued or running already. */
  enqueue(job: MintJob): Promise<void>
  lease(): Promise<Lease | null>
  /** The job under this lease, or null when the lease is over. */
  leased(id: string, attempt: number): Promise<MintJob | null>
  heartbeat(lease: Lease): Promise<void>
  complete(lease: Lease): Promise<void>
  /** Gives the job back: another try follows, unless `final` or the tries are used up. Answers whether it was the last. */
  fail(lease: Lease, message: string, final: boolean): Promise<boolean>
  /** Keys of jobs that wait, in the order in which they will run. */
  waiting(): Promise<string[]>
  close(): Promise<void>
}

const name = 'mint'
const leaseSeconds = 20
const retryLimit = 5

export async function openQueue({ engine }: Pick<Database, 'engine'>): Promise<Queue> {
  const boss = new PgBoss({
    ...('pglite' in engine
      ? { db: fromPglite(engine.pglite), backend: 'pglite' as const }
      : { db: { executeSql: (text: string, values?: unknown[]) => engine.pool.query(text, values) } }),
    schedule: false,
    superviseIntervalSeconds: 2,
    monitorIntervalSeconds: 2,
  })
  boss.on('error', (error) => console.error(`The queue: ${error.message}`))
  await boss.start()
  const options = { retryLimit, retryDelay: 2, heartbeatSeconds: leaseSeconds, expireInSeconds: 23 * 3600 }
  await boss.createQueue(name, { policy: 'exclusive', ...options })
  await boss.updateQueue(name, options)

  const find = async (id: string, attempt: number) => {
    const [found] = await boss.findJobs<MintJob>(name, { id })
    return found?.state === 'active' && found.retryCount === attempt ? found : null
  }

  return {
    async enqueue(job) {
      await boss.send(name, job, { singletonKey: job.key })
    },
    async lease() {
      const [found] = await boss.fetch<MintJob>(name)
      return found ? { id: found.id, attempt: found.retryCount, job: found.data } : null
    },
    leased: async (id, attempt) => (await find(id, attempt))?.data ?? null,
    async heartbeat({ id, attempt }) {
      await boss.touch(name, { id, retryCount: attempt })
    },
    async complete({ id, attempt }) {
      await boss.complete(name, { id, retryCount: attempt })
    },
    async fail({ id, attempt }, message, final) {
      const last = final || attempt >= retryLimit
      if (last) await boss.cancel(name, { id, retryCount: attempt })
      else await boss.fail(name, { id, retryCount: attempt }, { message })
      return last
    },
    async waiting() {
      const jobs = await boss.findJobs<MintJob>(name, { queued: true })
      return jobs.sort((a, b) => a.createdOn.getTime() - b.createdOn.getTime()).map((job) => job.data.key)
    },
    close: () => boss.stop({ graceful: false }),
  }
}
