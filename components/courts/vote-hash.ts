import { type Address, encodeAbiParameters, type Hex, keccak256 } from 'viem'
import type { CaseId, Vote } from '@/lib/chain/case'

type Target = { chainId: number; caseCourt: Address; id: CaseId; round: number; juror: Address }

const parameters = [
  { type: 'string' },
  { type: 'uint256' },
  { type: 'address' },
  { type: 'uint256' },
  { type: 'uint8' },
  { type: 'address' },
  {
    type: 'tuple',
    components: [
      { name: 'verdict', type: 'uint8' },
      { name: 'finding', type: 'uint32' },
      { name: 'cost', type: 'uint64' },
      { name: 'transcripts', type: 'bytes32' },
    ],
  },
  { type: 'bytes32' },
] as const

/** The commitment to a vote, equal to that of `CaseCourt.voteHash`. */
export function voteHash({ chainId, caseCourt, id, round, juror }: Target, vote: Vote, salt: Hex): Hex {
  const values = ['vote', BigInt(chainId), caseCourt, BigInt(id), round, juror, vote, salt] as const
  return keccak256(encodeAbiParameters(parameters, values))
}
