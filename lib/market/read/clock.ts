import 'server-only'
import { protocolAbi } from '../../chain/generated'
import type { Market } from '../context/context'
import { epochLength, protocolTime } from './protocol-time'

/** Protocol time now, the length of an epoch, and how far protocol time is behind Unix time because of pauses; in seconds. */
export type Clock = { time: bigint; epochLength: bigint; frozen: bigint }

/** Reads the protocol’s clock. The time is that of a transaction sent now. */
export async function readClock(ctx: Pick<Market, 'client' | 'deployment'>): Promise<Clock> {
  const { client, deployment } = ctx
  const protocol = { address: deployment.contracts.protocol, abi: protocolAbi } as const
  const { number: blockNumber, timestamp } = await client.getBlock()
  const [time, atBlock, length] = await Promise.all([
    protocolTime(ctx),
    client.readContract({ ...protocol, functionName: 'time', blockNumber }),
    epochLength(ctx),
  ])
  return { time, epochLength: length, frozen: timestamp - atBlock }
}
