import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chainClient } from '../lib/chain/client'
import { indexedContracts, parseDeployment } from '../lib/chain/deployment'
import { openDatabase, openSchema } from '../lib/db/open'
import { readEnv } from '../lib/env'
import { rebuild } from '../lib/indexer/rebuild'
import { clear } from '../lib/indexer/undo'

/**
 * `npm run reindex`: builds the tables that are a cache of the chain again. On Postgres the old ones serve meanwhile. The
 * embedded database belongs to one process: there, stop Kinmark first, and its next start indexes from the first block.
 */

const env = readEnv()
const deployment = parseDeployment(readFileSync(env.deploymentFile, 'utf8'), env.deploymentFile)
const { db, close } = await openDatabase({ folder: join(env.data, 'db'), url: env.databaseUrl })
if (env.databaseUrl) {
  const aside = openSchema(env.databaseUrl, 'rebuild')
  const { chainId, block: firstBlock } = deployment
  const chain = { client: chainClient(env.rpcUrls), chainId, firstBlock, contracts: indexedContracts(deployment) }
  await rebuild(chain, db, aside.db, ({ indexed, head }) => console.log(`Block ${indexed} of ${head}.`))
  await aside.close()
} else {
  await db.transaction(clear)
  console.log('The cache of the chain is empty: the next start fills it.')
}
await close()
