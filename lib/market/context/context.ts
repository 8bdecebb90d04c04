import 'server-only'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connection } from 'next/server'
import type { PublicClient } from 'viem'
import { chainClient } from '../../chain/client'
import { type Deployment, indexedContracts, parseDeployment } from '../../chain/deployment'
import { type Leader, openLeader } from '../../db/leader'
import { type Db, openDatabase } from '../../db/open'
import { type Env, readEnv } from '../../env'
import { KinmarkError, messageOf } from '../../error'
import { type ProgressMeter, progressMeter } from '../../indexer/progress'
import type { Chain } from '../../indexer/sync'
import { openQueue, type Queue } from '../../jobs/queue'
import { log } from '../../log'
import { jobKey, type MintJob, mintJobSchema } from '../../minting/job'
import { isOutage } from '../../part-away'
import { masterKey, minterToken } from '../../sealing/master-key'
import type { Blobs } from '../../storage/blobs'
import { openStorage } from '../../storage/open-storage'
import type { S3Place } from '../../storage/s3-place'
import type { UploadStore } from '../../storage/upload-store'
import { countBlobs } from './count-blobs'

/** The server's open resources, one of each per process. */
export type Market = {
  env: Env
  db: Db
  queue: Queue<MintJob>
  blobs: Blobs
  /** Uploads that are not blobs yet. */
  waiting: UploadStore
  /** The root of every secret: never leaves this process. */
  master: Uint8Array
  client: PublicClient
  chain: Chain
  deployment: Deployment
  /** Decides which of the processes on this database indexes the chain. */
  leader: Leader
  /** How far this process's indexer is. */
  progress: ProgressMeter
  minterToken: string
  /** Aborted once this process is asked to end: it says so at /readyz and indexes no more. */
  stopping: AbortController
  /** Hands the lead on and closes the database. */
  close(): Promise<void>
}

async function openMarket(env: Env): Promise<Market> {
  if (!existsSync(env.deploymentFile)) throw new KinmarkError('market.deployment-missing', { file: env.deploymentFile })
  const deployment = parseDeployment(readFileSync(env.deploymentFile, 'utf8'), env.deploymentFile)
  const master = masterKey(join(env.data, 'master-key'), env.masterKey)
  const client = chainClient(env.rpcUrls)
  const database = await openDatabase({ folder: join(env.data, 'db'), url: env.databaseUrl }).catch((cause) => {
    if (!env.databaseUrl || cause instanceof KinmarkError) throw cause
    throw new KinmarkError('market.database-unusable', { reason: messageOf(cause) }, { cause })
  })
  if (env.s3) await assertBucketOf(env.s3)
  const queue = await openQueue(database, { name: 'mint', schema: mintJobSchema, keyOf: (job: MintJob) => jobKey(job) })
  const { blobs, waiting } = await openStorage(env)
  const leader = openLeader(database)
  return {
    env,
    db: database.db,
    queue,
    blobs: countBlobs(blobs),
    waiting,
    master,
    client,
    chain: {
      client,
      chainId: deployment.chainId,
      firstBlock: deployment.block,
      contracts: indexedContracts(deployment),
    },
    deployment,
    leader,
    progress: progressMeter(),
    minterToken: env.minterToken ?? minterToken(master),
    stopping: new AbortController(),
    async close() {
      await leader.close()
      await queue.close()
      await database.close()
    },
  }
}

/** A wrong bucket or key stops the start. A store that does not answer does not: pages are read without it. */
async function assertBucketOf(place: S3Place): Promise<void> {
  const { assertBucket } = await import('../../storage/assert-bucket')
  await assertBucket(place).catch((error) => {
    if (!isOutage(error)) throw error
    log.warn({ err: error }, 'The store with the files does not answer.')
  })
}

/** Routes and instrumentation are bundled apart but share one process, hence the global. */
const shared = globalThis as typeof globalThis & { kinmark?: Promise<Market> }

/** This process's market, opened at the first call. After a failure the next call tries again. */
export async function market(): Promise<Market> {
  if (process.env.NEXT_PHASE === 'phase-production-build') await connection()
  shared.kinmark ??= openMarket(readEnv()).catch((error) => {
    shared.kinmark = undefined
    log.error({ err: error }, 'The market could not be opened.')
    throw error
  })
  return shared.kinmark
}
