import { sentenceOf } from '../error'
import { sync } from '../indexer/sync'
import { describeVersions } from './describe-versions'
import type { Market } from './open'
import { queueOrders } from './queue-orders'

const idleMs = 500

/** Keeps the tables at the chain's head, and work queued for what the chain asks for. Runs as long as the process. */
export async function follow(market: Market): Promise<void> {
  let silent = false
  for (;;) {
    try {
      const { newLogs, rewound } = await catchUp(market)
      if (rewound) console.log('The chain was rolled back: what followed from the lost blocks was dropped.')
      if (silent) console.log('The chain answers again.')
      silent = false
      if (newLogs > 0) continue
    } catch (error) {
      if (!silent) console.error(`Following the chain: ${sentenceOf(error).split('\n')[0]}`)
      silent = true
    }
    await new Promise((resolve) => setTimeout(resolve, idleMs))
  }
}

/** One step: read, describe, queue. */
async function catchUp(market: Market) {
  const synced = await sync(market.chain, market.db)
  await describeVersions(market)
  await queueOrders(market)
  return synced
}
