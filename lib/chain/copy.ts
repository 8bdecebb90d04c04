import type { Address, Hex } from 'viem'
import { copyRegistryAbi } from './generated'
import type { CopyId } from './ids'

/** Actions whose only argument is the copy’s id. */
export type CopyAction = 'accept' | 'refund' | 'close' | 'withdraw'

export function copyCall<action extends CopyAction>(copyRegistry: Address, action: action, id: bigint | CopyId) {
  return { address: copyRegistry, abi: copyRegistryAbi, functionName: action, args: [BigInt(id)] } as const
}

/** The minter delivers a copy. */
export function deliverCall(copyRegistry: Address, id: bigint | CopyId, artifactRoot: Hex, fingerprintRoot: Hex) {
  return {
    address: copyRegistry,
    abi: copyRegistryAbi,
    functionName: 'deliver',
    args: [BigInt(id), artifactRoot, fingerprintRoot],
  } as const
}
