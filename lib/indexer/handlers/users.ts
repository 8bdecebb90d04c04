import { and, eq, sql } from 'drizzle-orm'
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core'
import type { Address } from 'viem'
import { toCopyId } from '../../chain/ids'
import type { Db } from '../../db/open'
import { hostPayments, reservations, settlements, userBalances } from '../../db/schema'
import type { EventOf, RawLog } from '../decode'

/** UserLedger: balances, reservations, and what settled vouchers paid. */
export async function handleUsers(event: EventOf<'users'>, log: RawLog, db: Db): Promise<void> {
  const row = { block: log.block, logIndex: log.logIndex, at: log.at, tx: log.tx }
  const change = async (copyId: bigint, user: Address, set: PgUpdateSetSource<typeof reservations>) => {
    const one = and(eq(reservations.copyId, toCopyId(copyId)), eq(reservations.user, user))
    await db.update(reservations).set(set).where(one)
  }
  switch (event.eventName) {
    case 'Deposited':
      return setBalance(db, event.args.user, event.args.balance)
    case 'Withdrawn':
      return setBalance(db, event.args.account, event.args.balance)
    case 'Reserved': {
      const { copyId, user, amount, reserved } = event.args
      await addBalance(db, user, -amount)
      await db
        .insert(reservations)
        .values({ copyId: toCopyId(copyId), user, amount: reserved })
        .onConflictDoUpdate({
          target: [reservations.copyId, reservations.user],
          set: { amount: reserved, leavesAt: null },
        })
      return
    }
    case 'ReleaseRequested': {
      const { copyId, user, leavesAt } = event.args
      return change(copyId, user, { leavesAt: Number(leavesAt) })
    }
    case 'Released': {
      const { copyId, user, amount } = event.args
      await addBalance(db, user, amount)
      return change(copyId, user, { amount: 0n, leavesAt: null })
    }
    case 'Settled': {
      const { copyId, user, units, amount } = event.args
      await db.insert(settlements).values({ ...row, copyId: toCopyId(copyId), user, units, amount })
      return change(copyId, user, {
        amount: sql`${reservations.amount} - ${amount.toString()}`,
        settledUnits: sql`${reservations.settledUnits} + ${units.toString()}`,
        settledAmount: sql`${reservations.settledAmount} + ${amount.toString()}`,
      })
    }
    case 'HostPaid': {
      const { copyId, host, ...paid } = event.args
      await db.insert(hostPayments).values({ ...row, copyId: toCopyId(copyId), host, ...paid })
      return addBalance(db, host, paid.earned)
    }
  }
}

async function setBalance(db: Db, account: Address, balance: bigint): Promise<void> {
  await db
    .insert(userBalances)
    .values({ account, balance })
    .onConflictDoUpdate({ target: userBalances.account, set: { balance } })
}

async function addBalance(db: Db, account: Address, amount: bigint): Promise<void> {
  await db
    .insert(userBalances)
    .values({ account, balance: amount })
    .onConflictDoUpdate({
      target: userBalances.account,
      set: { balance: sql`${userBalances.balance} + ${amount.toString()}` },
    })
}
