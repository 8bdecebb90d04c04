import type { AbiEvent, Address, GetLogsReturnType, PublicClient } from 'viem'

/**
 * The logs of an event since a block. RPC servers refuse ranges that are too long for them: those are asked for by halves.
 * Throws what the server says of a single block.
 */
export async function logsSince<const event extends AbiEvent>(
  client: PublicClient,
  filter: { address: Address; event: event; args?: Record<string, unknown> },
  since: bigint,
): Promise<GetLogsReturnType<event, [event], true>> {
  const head = await client.getBlockNumber({ cacheTime: 0 })
  const between = async (fromBlock: bigint, toBlock: bigint): Promise<GetLogsReturnType<event, [event], true>> => {
    if (fromBlock > toBlock) return [] as never
    try {
      return (await client.getLogs({ ...filter, strict: true, fromBlock, toBlock } as never)) as never
    } catch (error) {
      if (fromBlock === toBlock) throw error
      const middle = (fromBlock + toBlock) / 2n
      return [...(await between(fromBlock, middle)), ...(await between(middle + 1n, toBlock))] as never
    }
  }
  return between(since, head)
}
