import type { Address, Hex } from 'viem'
import type { CopyAction } from '../copy'
import { copyRegistryAbi, modelRegistryAbi, treasuryAbi } from '../generated'
import type { CopyId, ModelId } from '../ids'
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
