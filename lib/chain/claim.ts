import { type Address, encodeFunctionData } from 'viem'
import { treasuryAbi } from './generated'
import type { ModelId } from './ids'

export type Claim = {
  account: Address
  /** Royalties to move from child to parent first, the furthest descendant first. */
  flows: readonly { child: bigint | ModelId; parent: bigint | ModelId }[]
  models: readonly (bigint | ModelId)[]
}

/** Pays out an account in one transaction: flows, then a claim for each model, then the account’s credit. */
export function claimCall(treasury: Address, { account, flows, models }: Claim) {
  const abi = treasuryAbi
  const data = [
    ...flows.map(({ child, parent }) =>
      encodeFunctionData({ abi, functionName: 'flow', args: [BigInt(child), BigInt(parent)] }),
    ),
    ...models.map((id) => encodeFunctionData({ abi, functionName: 'claim', args: [BigInt(id), account] })),
    encodeFunctionData({ abi, functionName: 'claimCredit', args: [account] }),
  ]
  return { address: treasury, abi, functionName: 'multicall', args: [data] } as const
}
