import { connectorsForWallets } from '@rainbow-me/rainbowkit'
import { injectedWallet, walletConnectWallet } from '@rainbow-me/rainbowkit/wallets'
import { http } from 'viem'
import { type Config, createConfig } from 'wagmi'
import type { ChainConfig } from '@/lib/market/read/views'
import { announceBurner } from './burner'
import { viemChain } from './viem-chain'

let browserConfig: Config | undefined

/**
 * Browser wallets by EIP-6963, WalletConnect when its project id is set, and the burner wallet on a local chain.
 * Created once per page: React may start the first render several times, and each would announce another burner.
 */
export function walletConfig(config: ChainConfig): Config {
  if (typeof window === 'undefined') return createWalletConfig(config)
  if (browserConfig) return browserConfig
  if (config.local) announceBurner(config)
  browserConfig = createWalletConfig(config)
  return browserConfig
}

function createWalletConfig(config: ChainConfig): Config {
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
    // The store is read after the first render; without this, wagmi reconnects at every one.
    ssr: true,
  })
}
