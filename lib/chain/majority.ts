import type { Address } from 'viem'
import { modelSharesAbi } from './generated'

/** Announces the caller as the holder of a majority of a model’s shares. It decides for the model an epoch later. */
export function announceCall(shares: Address) {
  return { address: shares, abi: modelSharesAbi, functionName: 'announce', args: [] } as const
}
