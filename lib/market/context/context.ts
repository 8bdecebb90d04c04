import 'server-only'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { connection } from 'next/server'
import { createPublicClient, http, type PublicClient } from 'viem'
import { type Deployment, parseDeployment } from '../../chain/deployment'
import { type Db, openDatabase } from '../../db/open'
import { type Env, readEnv } from '../../env'
import { KinmarkError } from '../../error'
import type { Chain } from '../../indexer/sync'
import { openQueue, type Queue } from '../../jobs/queue'
import { log } from '../../log'
import { jobKey, type MintJob, mintJobSchema } from '../../minting/job'
import { masterKey, minterToken } from '../../sealing/master-key'
import { type Blobs, diskBlobs } from '../../storage/blobs'

/** The server's open resources, one of each per process. */
export type Market = {
  env: Env
  db: Db
  queue: Queue<MintJob>
  blobs: Blobs
  /** The root of every secret: never leaves this process. */
  master: Uint8Array
  client: PublicClient
  chain: Chain
  deployment: Deployment
  minterToken: string
}

async function openMarket(env: Env): Promise<Market> {
  if (!existsSync(env.deploymentFile)) throw new KinmarkError('market.deployment-missing', { file: env.deploymentFile })
  const deployment = parseDeployment(readFileSync(env.deploymentFile, 'utf8'), env.deploymentFile)
  const master = masterKey(join(env.data, 'master-key'), env.masterKey)
  const client = createPublicClient({ transport: http(env.rpcUrl, { batch: true }) })
  const { modelRegistry, copyRegistry, treasury, usageLedger, userLedger } = deployment.contracts
  const { caseCourt, challengeCourt, proverRegistry, origins } = deployment.contracts
  const database = await openDatabase({ folder: join(env.data, 'db'), url: env.databaseUrl })
  const queue = await openQueue(database, { name: 'mint', schema: mintJobSchema, keyOf: (job: MintJob) => jobKey(job) })
  return {
    env,
    db: database.db,
    queue,
    blobs: diskBlobs(join(env.data, 'blobs')),
    master,
    client,
    chain: {
      client,
      chainId: deployment.chainId,
      firstBlock: deployment.block,
      contracts: {
        modelRegistry,
        copyRegistry,
        treasury,
        usageLedger,
        userLedger,
        caseCourt,
        challengeCourt,
        proverRegistry,
        origins,
      },
    },
    deployment,
    minterToken: env.minterToken ?? minterToken(master),
  }
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
