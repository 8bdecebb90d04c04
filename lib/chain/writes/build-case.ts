import type { Address, Hex } from 'viem'
import {
  answerCaseCall,
  type CaseId,
  type CaseStep,
  type CopyCase,
  caseStepCall,
  claimFromCourtCall,
  commitVoteCall,
  joinCaseCall,
  openCaseCall,
  revealVoteCall,
  type Vote,
  type VoteTarget,
  voteHash,
} from '../case'
import type { ModelId } from '../ids'
import { announceCall } from '../majority'
import { carryCall, claimOriginBondCall, type Descent, openParentCaseCall, putUpBondCall } from '../origin'
import {
  announceProof,
  caseProof,
  claimOriginBondProof,
  courtClaimProof,
  enteredProof,
  joinProof,
  openCaseProof,
  openParentCaseProof,
  putUpBondProof,
  voteProof,
} from './proofs'

/** Calls of the courts with the events that prove them. Pages load this when somebody is about to sign. */

export const stepWrite = (court: Address, step: CaseStep, id: CaseId) => ({
  ...caseStepCall(court, step, id),
  proof: caseProof(court, step, id),
})

export const courtClaimWrite = (court: Address, account: Address) => ({
  ...claimFromCourtCall(court, account),
  proof: courtClaimProof(court, account),
})

export const answerWrite = (court: Address, id: CaseId, text: string) => ({
  ...answerCaseCall(court, id, text),
  proof: caseProof(court, 'answer', id),
})

export const joinWrite = (court: Address, id: CaseId, opener: Address, evidence: string) => ({
  ...joinCaseCall(court, id, evidence),
  proof: joinProof(court, id, opener),
})

export const openCaseWrite = (court: Address, about: CopyCase, opener: Address, evidence: string) => ({
  ...openCaseCall(court, about, evidence),
  proof: openCaseProof(court, about, opener),
})

export const commitWrite = (target: VoteTarget, seat: number, vote: Vote, salt: Hex) => ({
  ...commitVoteCall(target.caseCourt, target.id, seat, voteHash(target, vote, salt)),
  proof: voteProof(target.caseCourt, 'VoteCommitted', target),
})

export const revealWrite = (target: VoteTarget, seat: number, vote: Vote, salt: Hex) => ({
  ...revealVoteCall(target.caseCourt, target.id, seat, vote, salt),
  proof: voteProof(target.caseCourt, 'VoteRevealed', target),
})

export const announceWrite = (shares: Address, holder: Address) => ({
  ...announceCall(shares),
  proof: announceProof(shares, holder),
})

export const parentCaseWrite = (
  court: Address,
  child: ModelId,
  descent: Descent,
  opener: Address,
  evidence: string,
) => ({
  ...openParentCaseCall(court, child, descent, evidence),
  proof: openParentCaseProof(court, child, descent, opener),
})

export const originBondWrite = (origins: Address, id: ModelId, version: number) => ({
  ...claimOriginBondCall(origins, id, version),
  proof: claimOriginBondProof(origins, id, version),
})

export const putUpBondWrite = (origins: Address, id: ModelId, version: number, owner: Address) => ({
  ...putUpBondCall(origins, id, version),
  proof: putUpBondProof(origins, id, version, owner),
})

export const carryWrite = (origins: Address, ancestor: ModelId, path: readonly ModelId[]) => ({
  ...carryCall(origins, ancestor, path),
  proof: enteredProof(origins, path[path.length - 1], ancestor),
})
