import { setTimeout as wait } from 'node:timers/promises'
import { messageOf } from '../../error'
import { sync } from '../../indexer/sync'
import { queueOrders } from '../mint/queue-orders'
import { ingestMetadata } from '../publish/ingest-metadata'
import type { Market } from './context'

const idleMs = 500
/** How often work is looked for although the chain says nothing new. */
const lookAgainMs = 5_000

/** Keeps the tables at the chain's head, and work queued for what the chain asks for. Runs as long as the process. */
export async function runIndexer(market: Market): Promise<never> {
  let silent = false
  let lookedAt = 0
  for (;;) {
    try {
      const { newLogs, rewound } = await sync(market.chain, market.db)
      if (rewound) console.log('The chain was rolled back: what followed from the lost blocks was dropped.')
      if (silent) console.log('The chain answers again.')
      silent = false
      if (newLogs > 0 || rewound || Date.now() - lookedAt > lookAgainMs) {
        await ingestMetadata(market)
        await queueOrders(market)
        lookedAt = Date.now()
      }
      if (newLogs > 0) continue
    } catch (error) {
      if (!silent) console.error(`Following the chain: ${messageOf(error).split('\n')[0]}`)
      silent = true
    }
    await wait(idleMs)
  }
}
