/** Faults between a person, a wallet and the chain. */
export type ChainErrors = {
  'chain.buyer-seed-length': { bytes: number }
  /** Nothing more is known than the wallet’s or the node’s own words. */
  'chain.failed': { reason: string }
  'chain.insufficient-funds': Record<never, never>
  'chain.network-unknown': Record<never, never>
  'chain.not-connected': Record<never, never>
  'chain.receipt-late': Record<never, never>
  'chain.request-declined': Record<never, never>
  /** A revert with a text instead of an error that the contracts declare. */
  'chain.reverted': { reason: string }
  /** It was included, and changed nothing. */
  'chain.transaction-failed': { hash: string }
  'chain.unreachable': Record<never, never>
  /** EIP-155 chain ids. */
  'chain.wrong-network': { wallet: number; target: number }
}
