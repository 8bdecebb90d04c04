import 'server-only'
import { market } from '../context/context'
import type { ChainConfig } from './views'

export const localChainId = 31337

export async function getChainConfig(): Promise<ChainConfig> {
  const { env, deployment } = await market()
  return {
    chainId: deployment.chainId,
    name: env.chainName,
    rpcUrl: env.publicRpcUrl,
    local: deployment.chainId === localChainId,
    explorerUrl: env.explorerUrl,
    walletConnectProjectId: env.walletConnectProjectId,
    minter: deployment.minter,
    contracts: deployment.contracts,
  }
}
