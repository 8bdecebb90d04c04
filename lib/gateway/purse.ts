import type { Hex } from 'viem'

/** What somebody may spend here and has spent: USDC of 12 decimals, which is units times the price of a million. */
export type Purse = {
  /** The address of a payer, or the id of a customer’s key. */
  owner: Hex
  /** Paid ahead. A key’s budget is not paid here. */
  paid: bigint
  /** By receipts. */
  spent: bigint
  /** Set aside for calls that run. */
  open: bigint
}

export function emptyPurse(owner: Hex): Purse {
  return { owner, paid: 0n, spent: 0n, open: 0n }
}

/** What is left of `limit` for further calls. */
export function leftOf({ spent, open }: Purse, limit: bigint): bigint {
  const left = limit - spent - open
  return left > 0n ? left : 0n
}
