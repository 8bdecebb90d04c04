import type { Address } from 'viem'
import { claimCall } from '../claim'
import { type CopyAction, copyCall, refuseCall } from '../copy'
import type { CopyId, ModelId } from '../ids'
import { type Registration, registerCall } from '../register'
import type { RefusalReason } from '../states'
import { claimProof, copyProof, registerProof } from './proofs'

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
