import type { Hex, TransactionReceipt } from 'viem'

/**
 * What a page shows of one write.
 * - `unsure`: the wallet may or may not have sent it, or the chain does not know it. `until`: seconds of chain time after
 *   which it can no longer take money; null where doing it again takes none.
 * - `included`: a block has it, and its event is there. `earlier`: this was so before the page was opened. `id`: the
 *   event’s first indexed argument as a number, such as the id of what was ordered.
 */
export type TransactionState = { stage: 'idle' } | { stage: 'wallet' } | Followed | Ended

type Followed = ({ stage: 'pending'; hash: Hex } | Unsure) & {
  /** Why the chain cannot be asked at the moment. */
  trouble?: string
}

export type Unsure = {
  stage: 'unsure'
  why: 'silent' | 'missing' | 'dropped'
  hash: Hex | null
  until: number | null
}

type Ended =
  | { stage: 'included'; hash: Hex; receipt: TransactionReceipt; earlier: boolean; id: string | null }
  | { stage: 'reverted' | 'cancelled' | 'expired'; hash: Hex | null }
  | { stage: 'failed'; message: string }

/** The block of a transaction that succeeded. */
export function blockOf(state: TransactionState): bigint | undefined {
  return state.stage === 'included' ? state.receipt.blockNumber : undefined
}

/** Whether the write may still take effect, so that it is not offered again. */
export function isUnderWay(state: TransactionState): boolean {
  if (state.stage === 'unsure') return state.until !== null
  return state.stage === 'wallet' || state.stage === 'pending'
}
