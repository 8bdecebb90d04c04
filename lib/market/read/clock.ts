import 'server-only'
import { protocolAbi } from '../../chain/generated'
import type { Market } from '../context/context'

/** Protocol time now, the length of an epoch, and how far protocol time is behind Unix time because of pauses; in seconds. */
export type Clock = { time: bigint; epochLength: bigint; frozen: bigint }

/** Reads the protocol’s clock. The time is that of a transaction sent now. */
export async function readClock({ client, deployment }: Pick<Market, 'client' | 'deployment'>): Promise<Clock> {
  const protocol = { address: deployment.contracts.protocol, abi: protocolAbi } as const
  const { number: blockNumber, timestamp } = await client.getBlock()
  const [time, atBlock, epochLength] = await Promise.all([
    client.readContract({ ...protocol, functionName: 'time', blockTag: 'pending' }),
    client.readContract({ ...protocol, functionName: 'time', blockNumber }),
    client.readContract({ ...protocol, functionName: 'epochLength' }),
  ])
  return { time, epochLength, frozen: timestamp - atBlock }
}
