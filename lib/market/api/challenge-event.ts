import 'server-only'
import type { z } from 'zod'
import type { Endpoints } from '../../api/endpoints'
import { toCopyId } from '../../chain/ids'
import { type Contracts, decode, type RawLog } from '../../indexer/decode'

type ChallengeEvent = z.input<Endpoints['listChallenges']['answer']>['items'][number]

/** A log of ChallengeCourt as the API lists it. */
export function challengeEventOf(log: RawLog, contracts: Contracts): ChallengeEvent {
  const event = decode(log, contracts)
  if (event?.from !== 'challenges') throw new Error(`Log ${log.logIndex} of block ${log.block} is no challenge.`)
  const { at, tx } = log
  const copy = 'copyId' in event.args ? toCopyId(event.args.copyId) : null
  switch (event.eventName) {
    case 'Committed':
    case 'Expired': {
      const { challenger: account, bond } = event.args
      const name = event.eventName === 'Committed' ? 'committed' : 'expired'
      return { event: name, copy, account, amount: String(bond), at, tx }
    }
    case 'Challenged':
      return { event: 'challenged', copy, account: event.args.challenger, amount: null, at, tx }
    case 'Answered':
      return { event: 'answered', copy, account: null, amount: null, at, tx }
    case 'Convicted': {
      const { challenger: account, taken } = event.args
      return { event: 'convicted', copy, account, amount: String(taken), at, tx }
    }
    case 'BountyFor':
    case 'BountyPaid': {
      const { to: account, amount } = event.args
      const name = event.eventName === 'BountyFor' ? 'bounty-for' : 'bounty-paid'
      return { event: name, copy, account, amount: String(amount), at, tx }
    }
  }
}
