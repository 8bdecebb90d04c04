import 'server-only'
import { desc } from 'drizzle-orm'
import { blocks } from '../../db/schema'
import { market } from '../context/context'

/** Whether the chain answers, the newest block and the newest indexed block, how fast this process indexes, and how many orders wait. */
export async function health() {
  const { client, db, queue, progress } = await market()
  const head = await client.getBlockNumber({ cacheTime: 0 }).then(Number, () => null)
  const [indexed] = await db.select().from(blocks).orderBy(desc(blocks.number)).limit(1)
  return {
    ok: head !== null,
    chain: { head, indexed: indexed?.number ?? null },
    indexing: { leads: progress.now().leads, logsPerSecond: progress.now().speed, logs: progress.now().total },
    minting: { waiting: (await queue.waiting()).length },
  }
}
