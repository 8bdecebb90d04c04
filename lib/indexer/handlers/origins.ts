import { toModelId } from '../../chain/ids'
import { enteredAncestors, originBonds } from '../../db/schema'
import type { EventOf, RawLog } from '../decode'
import type { Rows } from '../rows'

/** Origins: bonds behind versions, and ancestors that a court has entered. */
export function handleOrigins(event: EventOf<'origins'>, log: RawLog, rows: Rows): void {
  switch (event.eventName) {
    case 'BondWaits': {
      const { owner, amount } = event.args
      rows.put(originBonds, { ...bondOf(event.args), owner, amount, taken: 0n, until: null })
      return
    }
    case 'BondSet': {
      const { owner, amount, until } = event.args
      const taken = rows.get(originBonds, bondOf(event.args))?.taken ?? 0n
      rows.put(originBonds, { ...bondOf(event.args), owner, amount, taken, until: Number(until) })
      return
    }
    case 'BondClaimed': {
      const bond = rows.get(originBonds, bondOf(event.args))
      if (bond?.until === null) rows.remove(originBonds, bondOf(event.args))
      else rows.update(originBonds, bondOf(event.args), { amount: 0n })
      return
    }
    case 'BondTaken': {
      const bond = rows.get(originBonds, bondOf(event.args))
      const { taken } = event.args
      if (bond) rows.put(originBonds, { ...bond, amount: bond.amount - taken, taken: bond.taken + taken })
      return
    }
    case 'AncestorEntered': {
      const { id, ancestor, royaltyBps, displaced } = event.args
      const modelId = toModelId(id)
      const entered = rows.group(enteredAncestors, { modelId })
      const leaving = entered.find((row) => row.ancestor === toModelId(displaced))
      if (leaving) rows.remove(enteredAncestors, leaving)
      const position = leaving?.position ?? entered.length
      rows.put(enteredAncestors, { modelId, ancestor: toModelId(ancestor), royaltyBps, position, enteredAt: log.at })
    }
  }
}

const bondOf = ({ id, version }: { id: bigint; version: number }) => ({ modelId: toModelId(id), version })
