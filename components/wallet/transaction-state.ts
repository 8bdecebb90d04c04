import type { Hex, TransactionReceipt } from 'viem'

/** The whole life of one transaction. */
export type Life =
  | { stage: 'idle' }
  | { stage: 'wallet' }
  | { stage: 'pending'; hash: Hex }
  | { stage: 'included'; hash: Hex; receipt: TransactionReceipt }
  | { stage: 'failed'; sentence: string }
