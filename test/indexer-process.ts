import { setTimeout as wait } from 'node:timers/promises'
import { contracts } from '../bench/index/events'
import { chainClient } from '../lib/chain/client'
import { openLeader } from '../lib/db/leader'
import { openDatabase } from '../lib/db/open'
import { messageOf } from '../lib/error'
import { openIndexer } from '../lib/indexer/sync'

/** An app process that only indexes: `indexer-process.ts DATABASE_URL RPC_URL`. Prints a line of JSON for each step. */
const [url, rpcUrl] = process.argv.slice(2)
const database = await openDatabase({ folder: '', url })
const leader = openLeader(database)
const chain = { client: chainClient([rpcUrl]), chainId: 31337, firstBlock: 0, contracts }
const indexer = openIndexer(chain, database.db)
for (;;) {
  const step = await tryStep().catch((error) => ({ failed: messageOf(error) }))
  console.log(JSON.stringify(step))
  await wait(20)
}

async function tryStep() {
  if (!(await leader.leads())) return { leads: false }
  const { indexed, newLogs } = await indexer.step()
  return { leads: true, indexed, newLogs }
}
