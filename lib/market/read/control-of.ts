import 'server-only'
import { type Address, isAddressEqual, zeroAddress } from 'viem'
import { modelGovernorFactoryAbi, modelRegistryAbi, modelSharesAbi } from '../../chain/generated'
import type { ModelId } from '../../chain/ids'
import type { Market } from '../context/context'
import type { Control } from './views'

/** Who decides for a model, read from the chain now. */
export async function controllerOf(
  { client, deployment }: Pick<Market, 'client' | 'deployment'>,
  id: ModelId,
): Promise<Address> {
  const { modelRegistry: address } = deployment.contracts
  return client.readContract({ address, abi: modelRegistryAbi, functionName: 'controllerOf', args: [BigInt(id)] })
}

/** Who decides for a model, and who has announced a majority. */
export async function controlOf(
  market: Pick<Market, 'client' | 'deployment'>,
  id: ModelId,
  shares: Address,
): Promise<Control> {
  const { client, deployment } = market
  const [controller, governor, { holder, since }, standing] = await Promise.all([
    controllerOf(market, id),
    client.readContract({
      address: deployment.contracts.modelGovernorFactory,
      abi: modelGovernorFactoryAbi,
      functionName: 'governorOf',
      args: [BigInt(id)],
    }),
    client.readContract({ address: shares, abi: modelSharesAbi, functionName: 'majority' }),
    client.readContract({ address: shares, abi: modelSharesAbi, functionName: 'standing' }),
  ])
  return {
    controller,
    byVotes: isAddressEqual(controller, governor),
    majority: holder === zeroAddress ? null : { holder, decidesFrom: since + standing },
  }
}
