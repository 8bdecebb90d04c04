import type { Address, Hex } from 'viem'
import { copyRegistryAbi } from './generated'
import type { CopyId } from './ids'
import { type RefusalReason, refusalReasons } from './states'

/** Actions whose only argument is the copy’s id. */
export type CopyAction = 'accept' | 'refund' | 'standBy' | 'close' | 'withdraw'

export function copyCall<action extends CopyAction>(copyRegistry: Address, action: action, id: bigint | CopyId) {
  return { address: copyRegistry, abi: copyRegistryAbi, functionName: action, args: [BigInt(id)] } as const
}

/** What a minter hands over; see `contracts/src/interfaces/ICopyRegistry.sol`. */
export type Delivery = { artifactRoot: Hex; responsesRoot: Hex; ciphertextHash: Hex; sealedKey: Hex; url: string }

/** The minter delivers a copy. */
export function deliverCall(copyRegistry: Address, id: bigint | CopyId, delivery: Delivery) {
  return {
    address: copyRegistry,
    abi: copyRegistryAbi,
    functionName: 'deliver',
    args: [BigInt(id), delivery],
  } as const
}

/** The buyer refuses a delivery. */
export function refuseCall(copyRegistry: Address, id: bigint | CopyId, reason: RefusalReason, evidence: string) {
  return {
    address: copyRegistry,
    abi: copyRegistryAbi,
    functionName: 'refuse',
    args: [BigInt(id), refusalReasons.indexOf(reason), evidence],
  } as const
}
