import { voteSupports } from '../../chain/states'
import { governors, proposals, proposalVotes } from '../../db/schema'
import type { EventOf, RawLog } from '../decode'
import type { Rows } from '../rows'

/** A model’s governor: its proposals and the votes on them. Other contracts emit the same events: they are ignored. */
export function handleGovernors(event: EventOf<'governors'>, log: RawLog, rows: Rows): void {
  const { address: governor, block, logIndex, at, tx } = log
  const found = rows.get(governors, { governor })
  if (!found) return
  const keyOf = (proposal: bigint) => ({ governor, id: String(proposal) })
  switch (event.eventName) {
    case 'ProposalCreated': {
      const { proposalId, proposer, targets, calldatas, voteStart, voteEnd, description } = event.args
      rows.put(proposals, {
        ...keyOf(proposalId),
        ...{ modelId: found.modelId, proposer, description, step: 'made', executableFrom: null },
        ...{ targets: [...targets], calls: [...calldatas] },
        ...{ voteStart: secondsOf(voteStart), voteEnd: secondsOf(voteEnd) },
        ...{ votesFor: 0n, votesAgainst: 0n, votesAbstain: 0n },
        ...{ madeBlock: block, madeLogIndex: logIndex, madeAt: at, tx },
      })
      return
    }
    case 'ProposalExtended':
      rows.update(proposals, keyOf(event.args.proposalId), { voteEnd: secondsOf(event.args.extendedDeadline) })
      return
    case 'ProposalQueued':
      rows.update(proposals, keyOf(event.args.proposalId), {
        step: 'queued',
        executableFrom: secondsOf(event.args.etaSeconds),
      })
      return
    case 'ProposalExecuted':
      rows.update(proposals, keyOf(event.args.proposalId), { step: 'executed' })
      return
    case 'ProposalCanceled':
      rows.update(proposals, keyOf(event.args.proposalId), { step: 'canceled' })
      return
    case 'VoteCast':
    case 'VoteCastWithParams': {
      const { voter, proposalId, support: number, weight, reason } = event.args
      const proposal = rows.get(proposals, keyOf(proposalId))
      const support = voteSupports[number]
      if (!proposal || !support) return
      const column = { for: 'votesFor', against: 'votesAgainst', abstain: 'votesAbstain' } as const
      rows.update(proposals, keyOf(proposalId), { [column[support]]: proposal[column[support]] + weight })
      const place = { block, logIndex, at, tx }
      rows.add(proposalVotes, { ...place, governor, proposal: String(proposalId), voter, support, weight, reason })
      return
    }
  }
}

/** No clock of a chain reaches a number that JSON cannot hold; a proposal could name one. */
function secondsOf(time: bigint): number {
  const most = BigInt(Number.MAX_SAFE_INTEGER)
  return Number(time < most ? time : most)
}
