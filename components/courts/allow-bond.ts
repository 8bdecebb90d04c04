import type { Address } from 'viem'
import type { Config } from 'wagmi'
import { getAccount, readContract, simulateContract, waitForTransactionReceipt, writeContract } from 'wagmi/actions'
import { allowBondCall } from '@/lib/chain/case'
import { testUsdAbi } from '@/lib/chain/generated'
import { KinmarkError } from '@/lib/error'

type Contracts = { usd: Address; caseCourt: Address }

/** Lets the court take a bond, where it may not yet. An allowance that no case uses costs nothing and stays. */
export async function allowBond(config: Config, { usd, caseCourt }: Contracts, bond: bigint): Promise<void> {
  const { address: account } = getAccount(config)
  if (!account) throw new KinmarkError('wallet.not-connected')
  const erc20 = { address: usd, abi: testUsdAbi } as const
  const allowed = await readContract(config, { ...erc20, functionName: 'allowance', args: [account, caseCourt] })
  if (allowed >= bond) return
  const { request } = await simulateContract(config, { ...allowBondCall(usd, caseCourt, bond), account })
  const hash = await writeContract(config, request)
  const { status } = await waitForTransactionReceipt(config, { hash })
  if (status !== 'success') throw new KinmarkError('wallet.bond-not-allowed')
}
