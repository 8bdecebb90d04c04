import type { Address } from 'viem'
import { toCopyId } from '../../chain/ids'
import { hostPayments, reservations, settlements, userBalances } from '../../db/schema'
import type { EventOf, RawLog } from '../decode'
import type { Rows } from '../rows'

/** UserLedger: balances, reservations, and what settled vouchers paid. */
export function handleUsers(event: EventOf<'users'>, log: RawLog, rows: Rows): void {
  const row = { block: log.block, logIndex: log.logIndex, at: log.at, tx: log.tx }
  switch (event.eventName) {
    case 'Deposited':
      rows.put(userBalances, { account: event.args.user, balance: event.args.balance })
      return
    case 'Withdrawn':
      rows.put(userBalances, { account: event.args.account, balance: event.args.balance })
      return
    case 'Reserved': {
      const { user, amount, reserved } = event.args
      const key = { copyId: toCopyId(event.args.copyId), user }
      addBalance(rows, user, -amount)
      const before = rows.get(reservations, key) ?? { settledUnits: 0n, settledAmount: 0n }
      rows.put(reservations, { ...before, ...key, amount: reserved, leavesAt: null })
      return
    }
    case 'ReleaseRequested': {
      const { copyId, user, leavesAt } = event.args
      rows.update(reservations, { copyId: toCopyId(copyId), user }, { leavesAt: Number(leavesAt) })
      return
    }
    case 'Released': {
      const { copyId, user, amount } = event.args
      addBalance(rows, user, amount)
      rows.update(reservations, { copyId: toCopyId(copyId), user }, { amount: 0n, leavesAt: null })
      return
    }
    case 'Settled': {
      const { user, units, amount } = event.args
      const key = { copyId: toCopyId(event.args.copyId), user }
      rows.add(settlements, { ...row, ...key, units, amount })
      const before = rows.get(reservations, key)
      if (!before) return
      rows.put(reservations, {
        ...before,
        amount: before.amount - amount,
        settledUnits: before.settledUnits + units,
        settledAmount: before.settledAmount + amount,
      })
      return
    }
    case 'HostPaid': {
      const { copyId, host, ...paid } = event.args
      rows.add(hostPayments, { ...row, copyId: toCopyId(copyId), host, ...paid })
      addBalance(rows, host, paid.earned)
      return
    }
  }
}

function addBalance(rows: Rows, account: Address, amount: bigint): void {
  const before = rows.get(userBalances, { account })?.balance ?? 0n
  rows.put(userBalances, { account, balance: before + amount })
}
