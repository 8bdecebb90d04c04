import { type Address, encodeFunctionData } from 'viem'
import { treasuryAbi } from './generated'
import type { ModelId } from './ids'

export type Claim = { account: Address; models: readonly (bigint | ModelId)[] }

/** Pays out an account in one transaction: a claim for each model, then the account’s credit. */
export function claimCall(treasury: Address, { account, models }: Claim) {
  const abi = treasuryAbi
  const data = [
    ...models.map((id) => encodeFunctionData({ abi, functionName: 'claim', args: [BigInt(id), account] })),
    encodeFunctionData({ abi, functionName: 'claimCredit', args: [account] }),
  ]
  return { address: treasury, abi, functionName: 'multicall', args: [data] } as const
}
