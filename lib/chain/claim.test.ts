import { decodeFunctionData } from 'viem'
import { expect, test } from 'vitest'
import { localAccount } from './accounts'
import { claimCall } from './claim'
import { treasuryAbi } from './generated'

test('default: the claims in order, then the credit', () => {
  const [account, treasury] = [localAccount(4).address, localAccount(5).address]
  const { address, functionName, args } = claimCall(treasury, { account, models: [1n, 2n] })
  expect([address, functionName]).toEqual([treasury, 'multicall'])
  expect(args[0].map((data) => decodeFunctionData({ abi: treasuryAbi, data }))).toEqual([
    { functionName: 'claim', args: [1n, account] },
    { functionName: 'claim', args: [2n, account] },
    { functionName: 'claimCredit', args: [account] },
  ])
})
