import type { Address, Hex } from 'viem'
import { copyRegistryAbi } from './generated'

/** What can be done to a copy by its number alone. */
export type CopyAction = 'accept' | 'refund' | 'close' | 'withdraw'

export function copyCall<action extends CopyAction>(copyRegistry: Address, action: action, id: bigint | string) {
  return { address: copyRegistry, abi: copyRegistryAbi, functionName: action, args: [BigInt(id)] } as const
}

/** The minter hands a copy over. */
export function deliverCall(copyRegistry: Address, id: bigint | string, artifactRoot: Hex, fingerprintRoot: Hex) {
  return {
    address: copyRegistry,
    abi: copyRegistryAbi,
    functionName: 'deliver',
    args: [BigInt(id), artifactRoot, fingerprintRoot],
  } as const
}
