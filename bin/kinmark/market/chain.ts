import { createPublicClient, type PublicClient } from 'viem'
import { z } from 'zod'
import { type Deployment, parseDeployment } from '../../../lib/chain/deployment'
import { httpWithGasMargin } from '../../../lib/chain/http-with-gas-margin'
import { KinmarkError } from '../../../lib/error'
import type { Values } from '../options'
import type { Site } from './site'

/** A market's chain as the market names it. It is kept with the login, so that a market cannot move to other contracts unseen. */
export const chainSchema = z.object({
  chainId: z.number().int(),
  name: z.string(),
  rpcUrl: z.string(),
  explorerUrl: z.string().nullable(),
  minter: z.string(),
  contracts: z.record(z.string(), z.string()),
})
export type ChainPlace = z.infer<typeof chainSchema>

export type MarketChain = Pick<Deployment, 'chainId' | 'contracts' | 'minter'> & {
  client: PublicClient
  /** Blocks after which an included transaction stays. A local chain never takes one back. */
  confirmations: number
}

const localChainId = 31337
const finalBlocks = 12

/** The chain of `site`. Throws `cli.site-moved` where it is another one than at the login. */
export async function placeOf({ url, api }: Site, known: ChainPlace | null): Promise<ChainPlace> {
  const place = await api.get('getChain', {})
  if (!known) return place
  const contracts = JSON.stringify(known.contracts) === JSON.stringify(place.contracts)
  if (known.chainId !== place.chainId || !contracts)
    throw new KinmarkError('cli.site-moved', { site: url, known: known.chainId, now: place.chainId })
  return place
}

/** Opens a chain by `--rpc`, or by the RPC that the market names. Throws `chain.unreachable`, `gateway.chain-differs` and `gateway.contract-missing`. */
export async function openChain(place: ChainPlace, { rpc }: Values): Promise<MarketChain> {
  const url = rpc ?? process.env.KINMARK_RPC_URL ?? place.rpcUrl
  const client = createPublicClient({
    transport: httpWithGasMargin(url, { retryCount: 2, timeout: 10_000 }),
    pollingInterval: 500,
    cacheTime: 0,
  })
  const { chainId, contracts, minter } = parseDeployment(JSON.stringify({ ...place, block: 0 }), `${url}`)
  const found = await client.getChainId().catch((cause) => {
    throw new KinmarkError('chain.unreachable', {}, { cause })
  })
  if (found !== chainId) throw new KinmarkError('gateway.chain-differs', { expected: chainId, found })
  if (!(await client.getCode({ address: contracts.copyRegistry })))
    throw new KinmarkError('gateway.contract-missing', { address: contracts.copyRegistry })
  return { chainId, contracts, minter, client, confirmations: chainId === localChainId ? 0 : finalBlocks }
}
