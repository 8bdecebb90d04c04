import { connectorsForWallets } from '@rainbow-me/rainbowkit'
import { injectedWallet, walletConnectWallet } from '@rainbow-me/rainbowkit/wallets'
import { http } from 'viem'
import { type Config, createConfig } from 'wagmi'
import type { ChainConfig } from '@/lib/market/types'
import { announceBurner } from './burner'
import { viemChain } from './chain'

/** Browser wallets come by EIP-6963; WalletConnect joins when its project id is set; a local chain offers the burner. */
export function walletConfig(config: ChainConfig): Config {
  if (config.local && typeof window !== 'undefined') announceBurner(config)
  const chain = viemChain(config)
  const wallets = config.walletConnectProjectId ? [injectedWallet, walletConnectWallet] : [injectedWallet]
  return createConfig({
    chains: [chain],
    transports: { [chain.id]: http(config.rpcUrl) },
    connectors: connectorsForWallets([{ groupName: 'Wallets', wallets }], {
      appName: 'Kinmark',
      projectId: config.walletConnectProjectId ?? 'none',
    }),
    pollingInterval: config.local ? 500 : 4_000,
    ssr: true,
  })
}
