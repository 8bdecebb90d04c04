import { sql } from 'drizzle-orm'
import { type Address, zeroAddress } from 'viem'
import type { Db } from '../../db/open'
import { holders } from '../../db/schema'
import type { EventOf, RawLog } from '../decode'

/** A model’s ModelShares: who holds how many. */
export async function handleShares(event: EventOf<'shares'>, { address: token }: RawLog, db: Db): Promise<void> {
  if (event.eventName !== 'Transfer') return
  const { from, to, value } = event.args
  await addShares(db, token, from, -value)
  await addShares(db, token, to, value)
}

/** The zero address stands for minting and burning and holds nothing. */
async function addShares(db: Db, token: Address, account: Address, shares: bigint) {
  if (account === zeroAddress) return
  await db
    .insert(holders)
    .values({ token, account, shares })
    .onConflictDoUpdate({
      target: [holders.token, holders.account],
      set: { shares: sql`${holders.shares} + ${shares.toString()}` },
    })
}
