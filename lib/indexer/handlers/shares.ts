import { eq, sql } from 'drizzle-orm'
import { type Address, zeroAddress } from 'viem'
import type { Db } from '../../db/open'
import { holders, models } from '../../db/schema'
import type { EventOf, RawLog } from '../decode'

/** A model’s ModelShares: who holds how many, and who has announced a majority. */
export async function handleShares(event: EventOf<'shares'>, { address: token }: RawLog, db: Db): Promise<void> {
  switch (event.eventName) {
    case 'Transfer': {
      const { from, to, value } = event.args
      await addShares(db, token, from, -value)
      return addShares(db, token, to, value)
    }
    case 'MajorityAnnounced':
      return setMajority(db, token, event.args.holder)
    case 'MajorityLost':
      return setMajority(db, token, null)
  }
}

async function setMajority(db: Db, token: Address, majority: Address | null) {
  await db.update(models).set({ majority }).where(eq(models.shares, token))
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
