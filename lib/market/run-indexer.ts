import 'server-only'
import { setTimeout as wait } from 'node:timers/promises'
import { openIndexer } from '../indexer/sync'
import { log } from '../log'
import type { Market } from './context/context'
import { queueOrders } from './mint/queue-orders'
import { ingestMetadata, listDescribed } from './publish/ingest-metadata'

const idleMs = 500
/** How often a process that does not lead asks whether the one that did is gone. */
const electionMs = 1_000
/** Metadata and orders are checked this often even without new logs: an upload may have finished, or a job may be lost. */
const recheckMs = 5_000

/**
 * Keeps the tables at the chain's head, reads new metadata and queues new orders, while this process leads. Ends when
 * the process is asked to; errors are logged and retried.
 */
export async function runIndexer(market: Market): Promise<void> {
  const { leader, progress, stopping } = market
  const { signal } = stopping
  const pause = (ms: number) => wait(ms, undefined, { signal }).catch(() => undefined)
  const indexer = openIndexer(market.chain, market.db)
  let failing = false
  let checkedAt = 0
  while (!signal.aborted) {
    try {
      if (!(await leader.leads())) {
        progress.rest()
        await pause(electionMs)
        continue
      }
      const step = await indexer.step()
      progress.add(step)
      const { head, indexed, newLogs, rewound } = step
      if (rewound) log.warn('Indexer: the chain was rolled back, and the tables with it.')
      if (failing) log.info('Indexer: the chain answers again.')
      failing = false
      if (newLogs > 0 || rewound || Date.now() - checkedAt > recheckMs) {
        await ingestMetadata(market)
        await listDescribed(market)
        await queueOrders(market)
        checkedAt = Date.now()
      }
      if (newLogs > 0 || (rewound && indexed !== head)) continue
    } catch (error) {
      if (!failing) log.error({ err: error }, 'Indexer: a step failed; it is tried again.')
      failing = true
    }
    await pause(idleMs)
  }
}
