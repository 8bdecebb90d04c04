export type WalletErrors = {
  'wallet.not-connected': Record<never, never>
  'wallet.network-unknown': { chainId: number }
}
