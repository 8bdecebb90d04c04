import type { Address } from 'viem'
import type { Config } from 'wagmi'
import { getAccount, readContract, simulateContract, waitForTransactionReceipt, writeContract } from 'wagmi/actions'
import { allowBondCall } from '@/lib/chain/case'
import { testUsdAbi } from '@/lib/chain/generated'
import { KinmarkError } from '@/lib/error'

type Taker = { usd: Address; spender: Address }

/** Lets a contract take a bond, where it may not yet. An allowance that nothing uses costs nothing and stays. */
export async function allowBond(config: Config, { usd, spender }: Taker, bond: bigint): Promise<void> {
  const { address: account } = getAccount(config)
  if (!account) throw new KinmarkError('wallet.not-connected')
  const erc20 = { address: usd, abi: testUsdAbi } as const
  const allowed = await readContract(config, { ...erc20, functionName: 'allowance', args: [account, spender] })
  if (allowed >= bond) return
  const { request } = await simulateContract(config, { ...allowBondCall(usd, spender, bond), account })
  const hash = await writeContract(config, request)
  const { status } = await waitForTransactionReceipt(config, { hash })
  if (status !== 'success') throw new KinmarkError('wallet.bond-not-allowed')
}
