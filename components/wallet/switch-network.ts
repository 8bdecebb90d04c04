import type { Config } from 'wagmi'
import { switchChain } from 'wagmi/actions'
import { chainError } from '@/lib/chain/chain-error'

/** Asks the wallet to switch. Throws `chain.*`. */
export async function switchNetwork(config: Config, chainId: number): Promise<void> {
  await switchChain(config, { chainId }).catch((error) => {
    throw chainError(error)
  })
}
