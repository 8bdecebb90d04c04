import { type Address, maxUint256 } from 'viem'
import { allowBondCall } from '../lib/chain/case'
import { testUsdAbi } from '../lib/chain/generated'
import { parameters } from '../lib/deploy/parameters'

/** What an account sends before it publishes versions: it gets the money of so many bonds, and allows all that it has. */
export function originBondCalls({ usd, origins }: { usd: Address; origins: Address }, account: Address, count = 1n) {
  return [
    { address: usd, abi: testUsdAbi, functionName: 'faucet', args: [account, count * parameters.originBond] },
    allowBondCall(usd, origins, maxUint256),
  ] as const
}
