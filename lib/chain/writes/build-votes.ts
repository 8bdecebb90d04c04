import { type Address, numberToHex } from 'viem'
import { modelGovernorAbi, modelRegistryAbi } from '../generated'
import type { ModelId } from '../ids'
import {
  type BallotStep,
  ballotCall,
  castVoteCall,
  type Decision,
  decisionCall,
  type Proposal,
  proposalId,
  proposeCall,
} from '../votes'
import { proofOf } from './proof'
import type { Proof } from './record'

/** Decisions about a model, by whoever decides alone and by votes, with the events that prove them. */

export const decisionWrite = (registry: Address, id: ModelId, decision: Decision) => ({
  ...decisionCall(registry, id, decision),
  proof: decisionProof(registry, id, decision),
})

export const proposeWrite = (governor: Address, proposal: Proposal) => ({
  ...proposeCall(governor, proposal),
  proof: ballotProof(governor, 'ProposalCreated', proposalId(proposal)),
})

export const castVoteWrite = (governor: Address, id: bigint, voter: Address, favour: boolean) => ({
  ...castVoteCall(governor, id, favour),
  proof: proofOf(
    governor,
    { abi: modelGovernorAbi, eventName: 'VoteCast', args: { voter } },
    numberToHex(id, { size: 32 }),
  ),
})

const ballotEvents = { queue: 'ProposalQueued', execute: 'ProposalExecuted' } as const

export const ballotWrite = (governor: Address, step: BallotStep, proposal: Proposal) => ({
  ...ballotCall(governor, step, proposal),
  proof: ballotProof(governor, ballotEvents[step], proposalId(proposal)),
})

function decisionProof(registry: Address, id: ModelId, decision: Decision): Proof {
  const model = BigInt(id)
  if (decision.what === 'retire')
    return proofOf(registry, { abi: modelRegistryAbi, eventName: 'Retired', args: { id: model } })
  const args = { id: model, minter: decision.minter }
  const named = numberToHex(decision.what === 'nameMinter' ? 1 : 0, { size: 32 })
  return proofOf(registry, { abi: modelRegistryAbi, eventName: 'MinterNamed', args }, named)
}

function ballotProof(
  governor: Address,
  eventName: 'ProposalCreated' | 'ProposalQueued' | 'ProposalExecuted',
  id: bigint,
): Proof {
  return proofOf(governor, { abi: modelGovernorAbi, eventName }, numberToHex(id, { size: 32 }))
}
