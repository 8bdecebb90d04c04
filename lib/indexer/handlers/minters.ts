import type { Address } from 'viem'
import { minters } from '../../db/schema'
import type { EventOf, RawLog } from '../decode'
import type { Rows } from '../rows'

type Minter = typeof minters.$inferSelect

/** MinterRegistry: who mints, and its bond. */
export function handleMinters(event: EventOf<'minters'>, log: RawLog, rows: Rows): void {
  if (event.eventName === 'EIP712DomainChanged') return
  const address = event.args.minter
  const before = rows.get(minters, { address }) ?? newMinter(address)
  const change = (values: Partial<Minter>) => rows.put(minters, { ...before, ...values })
  switch (event.eventName) {
    case 'BondAdded':
      change({ bond: event.args.bond })
      return
    case 'Joined':
      change({ listed: true, joinedAt: before.joinedAt ?? log.at, leavesAt: null })
      return
    case 'Leaving':
      change({ listed: false, leavesAt: Number(event.args.notBefore) })
      return
    case 'Left':
      change({ bond: 0n, leavesAt: null })
      return
    case 'BarredSet':
      change({ barred: event.args.barred })
      return
    case 'Penalized':
      change({ bond: event.args.bond, penalties: before.penalties + event.args.amount })
      return
  }
}

function newMinter(address: Address): Minter {
  return { address, listed: false, barred: false, bond: 0n, penalties: 0n, joinedAt: null, leavesAt: null }
}
