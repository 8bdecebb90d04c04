import type { Address } from 'viem'
import type { Config } from 'wagmi'
import { getBalance, readContract } from 'wagmi/actions'
import { chainError } from '@/lib/chain/chain-error'
import { testUsdAbi } from '@/lib/chain/generated'
import type { Usdc6 } from '@/lib/money/usdc'

/** The USDC of an account, and its ETH for gas in wei. Throws `chain.*`. */
export async function readBalances(
  config: Config,
  usd: Address,
  account: Address,
): Promise<{ usdc: Usdc6; eth: bigint }> {
  const token = { address: usd, abi: testUsdAbi, functionName: 'balanceOf', args: [account] } as const
  try {
    const [usdc, eth] = await Promise.all([readContract(config, token), getBalance(config, { address: account })])
    return { usdc, eth: eth.value }
  } catch (error) {
    throw chainError(error)
  }
}
