import { type Address, encodeFunctionData, type Hex } from 'viem'
import { treasuryAbi } from './generated'

export type Claim = {
  account: Address
  /** Edges to flow before, furthest child first. */
  flows: readonly { child: bigint | string; parent: bigint | string }[]
  models: readonly (bigint | string)[]
}

/** Brings everything home in one transaction: flows, then a claim for each model, then the account's credit. */
export function claimCall(treasury: Address, { account, flows, models }: Claim) {
  const call = (functionName: 'flow' | 'claim', args: readonly [bigint, bigint] | readonly [bigint, Address]): Hex =>
    encodeFunctionData({ abi: treasuryAbi, functionName, args } as Parameters<typeof encodeFunctionData>[0])
  const data = [
    ...flows.map(({ child, parent }) => call('flow', [BigInt(child), BigInt(parent)])),
    ...models.map((id) => call('claim', [BigInt(id), account])),
    encodeFunctionData({ abi: treasuryAbi, functionName: 'claimCredit', args: [account] }),
  ]
  return { address: treasury, abi: treasuryAbi, functionName: 'multicall', args: [data] } as const
}
