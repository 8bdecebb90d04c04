import {
  type Address,
  decodeFunctionData,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  keccak256,
  parseAbiParameters,
  toHex,
} from 'viem'
import { chainClient } from './client'
import { modelGovernorAbi, modelRegistryAbi } from './generated'
import type { ModelId } from './ids'

/** What whoever decides for a model decides most: to sell no new copies, and who may mint. */
export type Decision = { what: 'retire' } | { what: 'nameMinter' | 'dismissMinter'; minter: Address }

/** The call by which an account that decides alone does it; a proposal makes the governor do the same. */
export function decisionCall(registry: Address, id: ModelId, decision: Decision) {
  const contract = { address: registry, abi: modelRegistryAbi } as const
  if (decision.what === 'retire') return { ...contract, functionName: 'retire', args: [BigInt(id)] } as const
  const args = [BigInt(id), decision.minter, decision.what === 'nameMinter'] as const
  return { ...contract, functionName: 'nameMinter', args } as const
}

/** The calls that a governor makes when a proposal is executed, none of which carries ether, and why. */
export type Proposal = { targets: readonly Address[]; calldatas: readonly Hex[]; description: string }

export function proposalOf(registry: Address, id: ModelId, decision: Decision, description: string): Proposal {
  return { targets: [registry], calldatas: [encodeFunctionData(decisionCall(registry, id, decision))], description }
}

const descriptionHash = ({ description }: Proposal) => keccak256(toHex(description))
const values = ({ targets }: Proposal) => targets.map(() => 0n)

/** The id of a proposal, equal to that of the governor’s `hashProposal`. */
export function proposalId(proposal: Proposal): bigint {
  const { targets, calldatas } = proposal
  const types = parseAbiParameters('address[], uint256[], bytes[], bytes32')
  return BigInt(
    keccak256(encodeAbiParameters(types, [targets, values(proposal), calldatas, descriptionHash(proposal)])),
  )
}

export function proposeCall(governor: Address, proposal: Proposal) {
  const { targets, calldatas, description } = proposal
  const args = [targets, values(proposal), calldatas, description] as const
  return { address: governor, abi: modelGovernorAbi, functionName: 'propose', args } as const
}

/** Votes with all shares that the account had when the voting began. */
export function castVoteCall(governor: Address, id: bigint, favour: boolean) {
  return { address: governor, abi: modelGovernorAbi, functionName: 'castVote', args: [id, favour ? 1 : 0] } as const
}

export type BallotStep = 'queue' | 'execute'

/** Anybody queues what was accepted, and executes it after the timelock. */
export function ballotCall(governor: Address, functionName: BallotStep, proposal: Proposal) {
  const { targets, calldatas } = proposal
  const args = [targets, values(proposal), calldatas, descriptionHash(proposal)] as const
  return { address: governor, abi: modelGovernorAbi, functionName, args } as const
}

/** In the order of the governor’s `ProposalState`. */
const proposalStates = [
  'pending',
  'active',
  'cancelled',
  'defeated',
  'accepted',
  'queued',
  'expired',
  'executed',
] as const
export type ProposalState = (typeof proposalStates)[number]

export type Ballot = Proposal & {
  id: bigint
  deeds: { deed: Deed; account: Address | null }[]
  proposer: Address
  state: ProposalState
  /** Shares, of 18 decimals. */
  against: bigint
  inFavour: bigint
  /** Unix seconds. */
  opens: number
  closes: number
  /** When it may be executed; null before it is queued. */
  executable: number | null
  /** The chain’s time when this was read. */
  now: number
  /** Shares with which the account may vote, and whether it has. */
  votes: bigint
  voted: boolean
}

/** A proposal as it was made. */
export type MadeProposal = Pick<Ballot, 'id' | 'proposer' | 'targets' | 'calldatas' | 'description' | 'opens'>

/** Where proposals of a model stand, as an account sees them, in the given order. Throws what the RPC does. */
export async function readBallots(
  rpcUrl: string,
  governor: Address,
  made: readonly MadeProposal[],
  account: Address | null,
): Promise<Ballot[]> {
  const client = chainClient([rpcUrl])
  const contract = { address: governor, abi: modelGovernorAbi } as const
  const now = Number((await client.getBlock()).timestamp)
  return Promise.all(
    made.map(async (proposal) => {
      const { id, opens } = proposal
      const args = [id] as const
      const [state, [against, inFavour], closes, eta, votes, voted] = await Promise.all([
        client.readContract({ ...contract, functionName: 'state', args }),
        client.readContract({ ...contract, functionName: 'proposalVotes', args }),
        client.readContract({ ...contract, functionName: 'proposalDeadline', args }),
        client.readContract({ ...contract, functionName: 'proposalEta', args }),
        account && now > opens
          ? client.readContract({ ...contract, functionName: 'getVotes', args: [account, BigInt(opens)] })
          : 0n,
        account ? client.readContract({ ...contract, functionName: 'hasVoted', args: [id, account] }) : false,
      ])
      return {
        ...proposal,
        ...{ state: proposalStates[state], against, inFavour, votes, voted, now },
        ...{ closes: Number(closes), executable: eta === 0n ? null : Number(eta) },
        deeds: proposal.calldatas.map(deedOf),
      }
    }),
  )
}

/** What a governor can be made to do, by the name of the function. */
export type Deed =
  | 'retire'
  | 'nameMinter'
  | 'dismissMinter'
  | 'setTerms'
  | 'addVersion'
  | 'commitKeyPool'
  | 'setBeneficiary'
  | 'setProposalGuardian'
  | 'unknown'

/** What a call of a proposal does, and to which account, if to one. */
function deedOf(data: Hex): { deed: Deed; account: Address | null } {
  const abi = [...modelRegistryAbi, ...modelGovernorAbi] as const
  try {
    const { functionName, args } = decodeFunctionData({ abi, data })
    switch (functionName) {
      case 'nameMinter':
        return { deed: args[2] ? 'nameMinter' : 'dismissMinter', account: args[1] }
      case 'setBeneficiary':
      case 'setProposalGuardian':
        return { deed: functionName, account: args[0] }
      case 'retire':
      case 'setTerms':
      case 'addVersion':
      case 'commitKeyPool':
        return { deed: functionName, account: null }
      default:
        return { deed: 'unknown', account: null }
    }
  } catch {
    return { deed: 'unknown', account: null }
  }
}
