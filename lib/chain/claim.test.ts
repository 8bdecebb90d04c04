import { decodeFunctionData } from 'viem'
import { expect, test } from 'vitest'
import { localAccount } from './accounts'
import { claimCall } from './claim'
import { treasuryAbi } from './generated'

test('default: flows first and in order, then the claims, then the credit', () => {
  const [account, treasury] = [localAccount(4).address, localAccount(5).address]
  const flows = [
    { child: 3n, parent: 2n },
    { child: 2n, parent: 1n },
  ]
  const { address, functionName, args } = claimCall(treasury, { account, flows, models: [1n, 2n] })
  expect([address, functionName]).toEqual([treasury, 'multicall'])
  expect(args[0].map((data) => decodeFunctionData({ abi: treasuryAbi, data }))).toEqual([
    { functionName: 'flow', args: [3n, 2n] },
    { functionName: 'flow', args: [2n, 1n] },
    { functionName: 'claim', args: [1n, account] },
    { functionName: 'claim', args: [2n, account] },
    { functionName: 'claimCredit', args: [account] },
  ])
})
