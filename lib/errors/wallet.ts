export type WalletErrors = {
  /** An allowance in USDC base units that a payment could take a second time. */
  'wallet.allowance-left': { allowance: bigint }
  'wallet.bond-not-allowed': Record<never, never>
  'wallet.network-unknown': { chainId: number }
  'wallet.not-connected': Record<never, never>
  'wallet.order-known': { copy: string }
  'wallet.other-tab': Record<never, never>
  'wallet.signature-foreign': { bytes: number }
  'wallet.still-under-way': Record<never, never>
  /** Transactions of the account that no block has yet. */
  'wallet.transactions-waiting': { waiting: number }
  'wallet.vote-elsewhere': Record<never, never>
  'wallet.vote-not-kept': Record<never, never>
}
