import { type Address, type Hex, toHex } from 'viem'
import { type CaseId, type CaseStep, type CopyCase, caseTarget } from '../case'
import type { CopyAction } from '../copy'
import {
  caseCourtAbi,
  copyRegistryAbi,
  modelRegistryAbi,
  modelSharesAbi,
  originsAbi,
  treasuryAbi,
  usageLedgerAbi,
  userLedgerAbi,
} from '../generated'
import type { CopyId, ModelId } from '../ids'
import { type Descent, descentTarget } from '../origin'
import { proofOf } from './proof'
import type { Proof } from './record'

/** A buyer’s order of a copy, which its seed’s hash tells from the buyer’s other orders. */
export function orderProof(copyRegistry: Address, buyer: Address, buyerSeedHash: Hex): Proof {
  return proofOf(copyRegistry, { abi: copyRegistryAbi, eventName: 'Ordered', args: { buyer } }, buyerSeedHash)
}

const copyEvents = {
  accept: 'Accepted',
  refuse: 'DeliveryRefused',
  standBy: 'DeliveryDefended',
  refund: 'Refunded',
  close: 'Closing',
  withdraw: 'CollateralReturned',
} as const

/** What an action does to a copy, whoever sends it. */
export function copyProof(copyRegistry: Address, action: CopyAction | 'refuse', id: bigint | CopyId): Proof {
  return proofOf(copyRegistry, { abi: copyRegistryAbi, eventName: copyEvents[action], args: { id: BigInt(id) } })
}

export function registerProof(modelRegistry: Address, creator: Address): Proof {
  return proofOf(modelRegistry, { abi: modelRegistryAbi, eventName: 'Registered', args: { creator } })
}

/** A claim of the earnings of models, or of nothing but the account’s credit. */
export function claimProof(treasury: Address, account: Address, models: readonly (bigint | ModelId)[]): Proof {
  const [id] = models
  return id === undefined
    ? proofOf(treasury, { abi: treasuryAbi, eventName: 'CreditClaimed', args: { account } })
    : proofOf(treasury, { abi: treasuryAbi, eventName: 'Claimed', args: { id: BigInt(id), account } })
}

/** A case about a copy, which its target tells from the opener’s other cases. */
export function openCaseProof(caseCourt: Address, about: CopyCase, opener: Address): Proof {
  const args = { subject: BigInt(about.copyId), opener }
  return proofOf(caseCourt, { abi: caseCourtAbi, eventName: 'Opened', args }, caseTarget(about))
}

/** A case about a model’s undeclared parent, which its target tells from the opener’s other cases. */
export function openParentCaseProof(caseCourt: Address, child: ModelId, descent: Descent, opener: Address): Proof {
  const args = { subject: BigInt(child), opener }
  return proofOf(caseCourt, { abi: caseCourtAbi, eventName: 'Opened', args }, descentTarget(descent))
}

const caseEvents = {
  answer: 'Answered',
  draw: 'Drawn',
  rule: 'Ruled',
  appeal: 'Appealed',
  close: 'CaseClosed',
} as const

/** What a step does to a case, whoever takes it. */
export function caseProof(caseCourt: Address, step: CaseStep | 'answer', id: CaseId): Proof {
  return proofOf(caseCourt, { abi: caseCourtAbi, eventName: caseEvents[step], args: { id: BigInt(id) } })
}

export function joinProof(caseCourt: Address, id: CaseId, opener: Address): Proof {
  return proofOf(caseCourt, { abi: caseCourtAbi, eventName: 'Joined', args: { id: BigInt(id), opener } })
}

/** A juror’s vote, committed to or revealed, in a panel of round 0 or 1. */
export function voteProof(
  caseCourt: Address,
  step: 'VoteCommitted' | 'VoteRevealed',
  { id, round, juror }: { id: CaseId; round: number; juror: Address },
): Proof {
  const event = { abi: caseCourtAbi, eventName: step, args: { id: BigInt(id), juror } } as const
  return proofOf(caseCourt, event, toHex(round, { size: 32 }))
}

/** What the court owed an account and has paid. */
export function courtClaimProof(caseCourt: Address, account: Address): Proof {
  return proofOf(caseCourt, { abi: caseCourtAbi, eventName: 'Paid', args: { account } })
}

/** The bond behind a version’s origin went back, whoever asked for it. */
export function claimOriginBondProof(origins: Address, id: ModelId, version: number): Proof {
  const event = { abi: originsAbi, eventName: 'BondClaimed', args: { id: BigInt(id) } } as const
  return proofOf(origins, event, toHex(version, { size: 32 }))
}

/** A bond that somebody put up for a version that is not published yet. */
export function putUpBondProof(origins: Address, id: ModelId, version: number, owner: Address): Proof {
  const event = { abi: originsAbi, eventName: 'BondWaits', args: { id: BigInt(id), owner } } as const
  return proofOf(origins, event, toHex(version, { size: 32 }))
}

/** An ancestor that was entered into a model, by a court or from a model above it. */
export function enteredProof(origins: Address, id: ModelId, ancestor: ModelId): Proof {
  const args = { id: BigInt(id), ancestor: BigInt(ancestor) }
  return proofOf(origins, { abi: originsAbi, eventName: 'AncestorEntered', args })
}

export function announceProof(shares: Address, holder: Address): Proof {
  return proofOf(shares, { abi: modelSharesAbi, eventName: 'MajorityAnnounced', args: { holder } })
}

/** A session key that a user named for its reservation with a copy’s host. */
export function sessionProof(
  userLedger: Address,
  user: Address,
  { copyId, key }: { copyId: CopyId; key: Address },
): Proof {
  const args = { copyId: BigInt(copyId), user, key }
  return proofOf(userLedger, { abi: userLedgerAbi, eventName: 'KeyNamed', args })
}

export function reservationProof(
  userLedger: Address,
  eventName: 'ReleaseRequested' | 'Released',
  { id, user }: { id: CopyId; user: Address },
): Proof {
  return proofOf(userLedger, { abi: userLedgerAbi, eventName, args: { copyId: BigInt(id), user } })
}

export function withdrawnProof(userLedger: Address, account: Address): Proof {
  return proofOf(userLedger, { abi: userLedgerAbi, eventName: 'Withdrawn', args: { account } })
}

/** A deployment that was opened for an operator key, or closed by its number. */
export function deploymentProof(
  usageLedger: Address,
  about: { copyId: CopyId; operator: Address } | { copyId: CopyId; number: number },
): Proof {
  const copyId = BigInt(about.copyId)
  const event =
    'operator' in about
      ? ({ abi: usageLedgerAbi, eventName: 'DeploymentOpened', args: { copyId, operator: about.operator } } as const)
      : ({ abi: usageLedgerAbi, eventName: 'DeploymentClosed', args: { copyId, number: about.number } } as const)
  return proofOf(usageLedger, event as Parameters<typeof proofOf<typeof usageLedgerAbi, 'DeploymentOpened'>>[1])
}

/** Fees that an account prepaid for a copy. */
export function feesProof(usageLedger: Address, id: CopyId, payer: Address): Proof {
  return proofOf(usageLedger, { abi: usageLedgerAbi, eventName: 'Deposited', args: { copyId: BigInt(id), payer } })
}
