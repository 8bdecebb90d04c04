import 'server-only'
import { protocolAbi } from '../../chain/generated'
import type { Market } from '../context/context'

/** The state that a transaction sent now would find: time passes also while no block is made. */
export const now = 'pending'

/** Protocol time in Unix seconds, by which every deadline of the contracts counts. */
export function protocolTime({ client, deployment }: Pick<Market, 'client' | 'deployment'>): Promise<bigint> {
  const contract = { address: deployment.contracts.protocol, abi: protocolAbi } as const
  return client.readContract({ ...contract, functionName: 'time', blockTag: now })
}

/** Seconds of an epoch. They never change. */
export function epochLength({ client, deployment }: Pick<Market, 'client' | 'deployment'>): Promise<bigint> {
  const contract = { address: deployment.contracts.protocol, abi: protocolAbi } as const
  return client.readContract({ ...contract, functionName: 'epochLength' })
}
