import { type Address, zeroAddress } from 'viem'
import { clones, delegations, holders, models, votes } from '../../db/schema'
import type { EventOf, RawLog } from '../decode'
import type { Rows } from '../rows'

/** A model’s ModelShares: who holds how many, who votes with them, and who has announced a majority. Other contracts emit the same events: they are ignored. */
export function handleShares(event: EventOf<'shares'>, { address: token }: RawLog, rows: Rows): void {
  const model = rows.get(clones, { shares: token })
  if (!model) return
  switch (event.eventName) {
    case 'Transfer': {
      const { from, to, value } = event.args
      addShares(rows, token, from, -value)
      addShares(rows, token, to, value)
      return
    }
    case 'DelegateChanged': {
      const { delegator: account, toDelegate: delegate } = event.args
      if (delegate === account) rows.remove(delegations, { token, account })
      else rows.put(delegations, { token, account, delegate })
      return
    }
    case 'DelegateVotesChanged':
      rows.put(votes, { token, account: event.args.delegate, votes: event.args.newVotes })
      return
    case 'MajorityAnnounced':
      rows.update(models, { id: model.modelId }, { majority: event.args.holder })
      return
    case 'MajorityLost':
      rows.update(models, { id: model.modelId }, { majority: null })
      return
  }
}

/** The zero address stands for minting and burning and holds nothing. */
function addShares(rows: Rows, token: Address, account: Address, shares: bigint): void {
  if (account === zeroAddress) return
  const held = rows.get(holders, { token, account })?.shares ?? 0n
  rows.put(holders, { token, account, shares: held + shares })
}
