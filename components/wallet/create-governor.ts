import type { Address } from 'viem'
import type { Config } from 'wagmi'
import { getAccount, getBytecode, simulateContract, waitForTransactionReceipt, writeContract } from 'wagmi/actions'
import { modelGovernorFactoryAbi } from '@/lib/chain/generated'
import type { ModelId } from '@/lib/chain/ids'
import { KinmarkError } from '@/lib/error'

/** Creates the contract by which a model’s holders vote, before their first proposal. Whoever does it a second time gets the same one. */
export async function createGovernor(config: Config, factory: Address, id: ModelId, governor: Address): Promise<void> {
  const { address: account } = getAccount(config)
  if (!account) throw new KinmarkError('wallet.not-connected')
  if (await getBytecode(config, { address: governor })) return
  const call = { address: factory, abi: modelGovernorFactoryAbi, functionName: 'create', args: [BigInt(id)] } as const
  const { request } = await simulateContract(config, { ...call, account })
  const hash = await writeContract(config, request)
  await waitForTransactionReceipt(config, { hash })
}
