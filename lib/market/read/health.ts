import 'server-only'
import { desc } from 'drizzle-orm'
import { blocks } from '../../db/schema'
import { market } from '../context/context'

/** Whether the chain answers, the newest block and the newest indexed block, and how many orders wait. */
export async function health() {
  const { client, db, queue } = await market()
  const head = await client.getBlockNumber({ cacheTime: 0 }).then(Number, () => null)
  const [indexed] = await db.select().from(blocks).orderBy(desc(blocks.number)).limit(1)
  return {
    ok: head !== null,
    chain: { head, indexed: indexed?.number ?? null },
    minting: { waiting: (await queue.waiting()).length },
  }
}
