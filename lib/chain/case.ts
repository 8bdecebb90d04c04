import { type Address, encodeAbiParameters, type Hex, keccak256, toHex, zeroHash } from 'viem'
import { caseCourtAbi, testUsdAbi } from './generated'
import type { CopyId } from './ids'
import { caseKinds } from './states'

/** A case’s number as a decimal string. */
export type CaseId = string & { readonly brand?: 'CaseId' }

/** A juror’s vote, as `ICaseCourt.Vote`: the finding in thousandths of a nat, the cost in USDC of 6 decimals. */
export type Vote = { verdict: 1 | 2; finding: number; cost: bigint; transcripts: Hex }

/** Steps of a case whose only argument is its number. Anyone may take them when their time has come, and the losing side may appeal. */
export type CaseStep = 'draw' | 'rule' | 'appeal' | 'close'

const court = (address: Address) => ({ address, abi: caseCourtAbi }) as const

/** Lets a contract take a bond. */
export function allowBondCall(usd: Address, spender: Address, amount: bigint) {
  return { address: usd, abi: testUsdAbi, functionName: 'approve', args: [spender, amount] } as const
}

/** The target of a case about an endpoint or about files found outside: what jurors test. */
export function targetOf(text: string): Hex {
  return /^0x[0-9a-f]{64}$/i.test(text) ? (text as Hex) : keccak256(toHex(text))
}

/**
 * What a copy’s case is about. `tested` says what jurors test, the root of files or the address of an endpoint; a refusal
 * has none, since the delivery is on the chain.
 */
export type CopyCase = { kind: 'leak'; copyId: CopyId; tested: string } | { kind: 'refusal'; copyId: CopyId }

export const caseTarget = (about: CopyCase): Hex => (about.kind === 'leak' ? targetOf(about.tested) : zeroHash)

/** Opens a case. The bond must be allowed first. */
export function openCaseCall(caseCourt: Address, about: CopyCase, evidence: string) {
  const args = [caseKinds.indexOf(about.kind), BigInt(about.copyId), caseTarget(about), evidence] as const
  return { ...court(caseCourt), functionName: 'open', args } as const
}

export function joinCaseCall(caseCourt: Address, id: CaseId, evidence: string) {
  return { ...court(caseCourt), functionName: 'join', args: [BigInt(id), evidence] } as const
}

export function answerCaseCall(caseCourt: Address, id: CaseId, text: string) {
  return { ...court(caseCourt), functionName: 'answer', args: [BigInt(id), text] } as const
}

export function caseStepCall<step extends CaseStep>(caseCourt: Address, step: step, id: CaseId) {
  return { ...court(caseCourt), functionName: step, args: [BigInt(id)] } as const
}

export function commitVoteCall(caseCourt: Address, id: CaseId, seat: number, commitment: Hex) {
  return { ...court(caseCourt), functionName: 'commitVote', args: [BigInt(id), BigInt(seat), commitment] } as const
}

export function revealVoteCall(caseCourt: Address, id: CaseId, seat: number, vote: Vote, salt: Hex) {
  return { ...court(caseCourt), functionName: 'revealVote', args: [BigInt(id), BigInt(seat), vote, salt] } as const
}

/** Pays an account what the court owes it. */
export function claimFromCourtCall(caseCourt: Address, account: Address) {
  return { ...court(caseCourt), functionName: 'claim', args: [account] } as const
}

export type VoteTarget = { chainId: number; caseCourt: Address; id: CaseId; round: number; juror: Address }

const voteParameters = [
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
export function voteHash({ chainId, caseCourt, id, round, juror }: VoteTarget, vote: Vote, salt: Hex): Hex {
  const values = ['vote', BigInt(chainId), caseCourt, BigInt(id), round, juror, vote, salt] as const
  return keccak256(encodeAbiParameters(voteParameters, values))
}
