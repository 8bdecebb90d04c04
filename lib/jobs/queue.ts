import { fromPglite, PgBoss } from 'pg-boss'
import type { ZodType } from 'zod'
import type { Database } from '../db/open'
import { log } from '../log'

/** A worker's claim on a job. It ends when no heartbeat came for `leaseSeconds`. */
export type Lease<Job> = LeaseId & { job: Job }

/** `attempt`: how often the job was tried before. */
type LeaseId = { id: string; attempt: number }

/** One kind of job, which has a queue of its own. */
export type JobKind<Job> = {
  name: string
  schema: ZodType<Job>
  /** At most one job with the same key is queued or running. */
  keyOf(job: Job): string
}

export type Queue<Job> = {
  /** Queues the job, unless one with its key is queued or running already. */
  enqueue(job: Job): Promise<void>
  /** The next job, or null. */
  lease(): Promise<Lease<Job> | null>
  /** A lease that still holds, or null. */
  leased(id: LeaseId): Promise<Lease<Job> | null>
  heartbeat(lease: LeaseId): Promise<void>
  complete(lease: LeaseId): Promise<void>
  /** Ends the lease. The job is tried again, unless `final` or after 150 retries. Returns whether it was the last try. */
  fail(lease: LeaseId, failure: object, final: boolean): Promise<boolean>
  /** Jobs by state, some seconds old: they wait, are deferred for another try, or are leased. */
  counts(): Promise<{ waiting: number; deferred: number; active: number }>
  /** Keys of the jobs that wait, in the order in which they will run. */
  waiting(): Promise<string[]>
  close(): Promise<void>
}

const leaseSeconds = 20
/** The pause before another try doubles from 2 to 600 seconds: an outage of a day ends before the last try. */
const retries = { retryLimit: 150, retryDelay: 2, retryBackoff: true, retryDelayMax: 600 }

export async function openQueue<Job extends object>(
  { engine }: Pick<Database, 'engine'>,
  { name, schema, keyOf }: JobKind<Job>,
): Promise<Queue<Job>> {
  const boss = new PgBoss({
    ...('pglite' in engine
      ? { db: fromPglite(engine.pglite), backend: 'pglite' as const }
      : { db: { executeSql: (text: string, values?: unknown[]) => engine.pool.query(text, values) } }),
    schedule: false,
    // Each time costs an embedded database some 30 ms.
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
  })
  boss.on('error', (error) => log.error({ err: error }, 'The job queue failed.'))
  await boss.start()
  const options = { ...retries, heartbeatSeconds: leaseSeconds, expireInSeconds: 23 * 3600 }
  await boss.createQueue(name, { policy: 'exclusive', ...options })
  await boss.updateQueue(name, options)

  /** Null for a job that an older release queued with other fields. */
  const parse = (data: unknown) => schema.safeParse(data).data ?? null

  return {
    async enqueue(job) {
      await boss.send(name, job, { singletonKey: keyOf(job) })
    },
    async lease() {
      for (;;) {
        const [found] = await boss.fetch(name)
        if (!found) return null
        const job = parse(found.data)
        if (job) return { id: found.id, attempt: found.retryCount, job }
        await boss.complete(name, found.id)
      }
    },
    async leased({ id, attempt }) {
      const [found] = await boss.findJobs(name, { id })
      const job = found?.state === 'active' && found.retryCount === attempt ? parse(found.data) : null
      return job && { id, attempt, job }
    },
    async heartbeat({ id, attempt }) {
      await boss.touch(name, { id, retryCount: attempt })
    },
    async complete({ id, attempt }) {
      await boss.complete(name, { id, retryCount: attempt })
    },
    async fail({ id, attempt }, failure, final) {
      const last = final || attempt >= retries.retryLimit
      if (last) await boss.cancel(name, { id, retryCount: attempt })
      else await boss.fail(name, { id, retryCount: attempt }, failure)
      return last
    },
    async counts() {
      const found = await boss.getQueue(name)
      const { readyCount = 0, deferredCount = 0, activeCount = 0 } = found ?? {}
      return { waiting: readyCount, deferred: deferredCount, active: activeCount }
    },
    async waiting() {
      const jobs = await boss.findJobs(name, { queued: true })
      return jobs
        .sort((a, b) => a.createdOn.getTime() - b.createdOn.getTime())
        .flatMap(({ data }) => parse(data) ?? [])
        .map(keyOf)
    },
    close: () => boss.stop({ graceful: false }),
  }
}
