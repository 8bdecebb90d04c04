import type { Hex, TransactionReceipt } from 'viem'

/** The whole life of one transaction. */
export type TransactionState =
  | { stage: 'idle' }
  | { stage: 'wallet' }
  | { stage: 'pending'; hash: Hex }
  | { stage: 'included'; hash: Hex; receipt: TransactionReceipt }
  | { stage: 'failed'; message: string }
