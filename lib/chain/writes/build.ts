import type { Address } from 'viem'
import { claimCall } from '../claim'
import { type CopyAction, copyCall, refuseCall } from '../copy'
import { closeDeploymentCall, type NewDeployment, openDeploymentCall, prepayFeesCall } from '../hosting'
import type { CopyId, ModelId } from '../ids'
import { openSessionCall, releaseCall, requestReleaseCall, type SessionOpening, withdrawCall } from '../paying'
import { type Registration, registerCall } from '../register'
import type { RefusalReason } from '../states'
import {
  claimProof,
  copyProof,
  deploymentProof,
  feesProof,
  registerProof,
  reservationProof,
  sessionProof,
  withdrawnProof,
} from './proofs'

/** Contract calls with the events that prove them. Pages load this when somebody is about to sign. */

export const copyWrite = (registry: Address, action: CopyAction, id: CopyId) => ({
  ...copyCall(registry, action, id),
  proof: copyProof(registry, action, id),
})

export const refuseWrite = (registry: Address, id: CopyId, reason: RefusalReason, evidence: string) => ({
  ...refuseCall(registry, id, reason, evidence),
  proof: copyProof(registry, 'refuse', id),
})

export const claimWrite = (treasury: Address, account: Address, models: readonly ModelId[]) => ({
  ...claimCall(treasury, { account, models }),
  proof: claimProof(treasury, account, models),
})

export const registerWrite = (registry: Address, creator: Address, registration: Registration) => ({
  ...registerCall(registry, registration),
  proof: registerProof(registry, creator),
})

export const openSessionWrite = (userLedger: Address, user: Address, opening: SessionOpening) => ({
  ...openSessionCall(userLedger, opening),
  proof: sessionProof(userLedger, user, opening),
})

export const requestReleaseWrite = (userLedger: Address, user: Address, id: CopyId) => ({
  ...requestReleaseCall(userLedger, id),
  proof: reservationProof(userLedger, 'ReleaseRequested', { id, user }),
})

export const releaseWrite = (userLedger: Address, user: Address, id: CopyId) => ({
  ...releaseCall(userLedger, id, user),
  proof: reservationProof(userLedger, 'Released', { id, user }),
})

export const withdrawWrite = (userLedger: Address, account: Address, amount: bigint) => ({
  ...withdrawCall(userLedger, amount),
  proof: withdrawnProof(userLedger, account),
})

export const openDeploymentWrite = (usageLedger: Address, deployment: NewDeployment) => ({
  ...openDeploymentCall(usageLedger, deployment),
  proof: deploymentProof(usageLedger, deployment),
})

export const closeDeploymentWrite = (usageLedger: Address, id: CopyId, number: number) => ({
  ...closeDeploymentCall(usageLedger, id, number),
  proof: deploymentProof(usageLedger, { copyId: id, number }),
})

export const prepayFeesWrite = (usageLedger: Address, id: CopyId, payer: Address, amount: bigint) => ({
  ...prepayFeesCall(usageLedger, id, amount),
  proof: feesProof(usageLedger, id, payer),
})
