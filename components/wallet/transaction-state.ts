import type { Hex, TransactionReceipt } from 'viem'

/** The stages of one transaction. */
export type TransactionState =
  | { stage: 'idle' }
  | { stage: 'wallet' }
  | { stage: 'pending'; hash: Hex }
  | { stage: 'included'; hash: Hex; receipt: TransactionReceipt }
  | { stage: 'failed'; message: string }

/** The block of a transaction that succeeded. */
export function blockOf(state: TransactionState): bigint | undefined {
  return state.stage === 'included' && state.receipt.status === 'success' ? state.receipt.blockNumber : undefined
}
