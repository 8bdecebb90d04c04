import { type Address, type Hex, keccak256, size } from 'viem'
import { KinmarkError } from '../error'
import { copyRegistryAbi } from './generated'
import type { Permit } from './permit'
import type { SignedQuote } from './quote'

/** keccak256 of the buyer’s 32-byte seed. Only the hash goes on the chain, so that only buyer and minter can compute the codeword. */
export function buyerSeedHash(seed: Hex): Hex {
  if (size(seed) !== 32) throw new KinmarkError('chain.buyer-seed-length', { bytes: size(seed) })
  return keccak256(seed)
}

/** Orders a copy with a minter’s quote. The buyer must have approved price + fee + collateral for the copy registry. */
export function orderCall(copyRegistry: Address, { quote, signature }: SignedQuote) {
  return { address: copyRegistry, abi: copyRegistryAbi, functionName: 'order', args: [quote, signature] } as const
}

/** Orders a copy with a signed permit (EIP-2612) instead of an approval. */
export function orderWithPermitCall(copyRegistry: Address, { quote, signature }: SignedQuote, permit: Permit) {
  return {
    address: copyRegistry,
    abi: copyRegistryAbi,
    functionName: 'orderWithPermit',
    args: [quote, signature, permit],
  } as const
}
