import { type Address, type Hex, keccak256, size } from 'viem'
import { KinmarkError } from '../error'
import { copyRegistryAbi } from './generated'
import type { ModelId } from './ids'
import type { Permit } from './permit'

export type Order = {
  modelId: bigint | ModelId
  version: number
  /** The price shown to the buyer: ordering reverts when the model costs more by then. */
  maxPrice: bigint
  /** Hash of the terms shown to the buyer: ordering reverts when they have changed. */
  termsHash: Hex
  buyerSeedHash: Hex
  minter: Address
}

/** keccak256 of the buyer’s 32-byte seed. Only the hash goes on the chain, so that only buyer and minter can compute the codeword. */
export function buyerSeedHash(seed: Hex): Hex {
  if (size(seed) !== 32) throw new KinmarkError('chain.buyer-seed-length', { bytes: size(seed) })
  return keccak256(seed)
}

/** Orders a copy. The buyer must have approved price + collateral for the copy registry. */
export function orderCall(copyRegistry: Address, order: Order) {
  return {
    address: copyRegistry,
    abi: copyRegistryAbi,
    functionName: 'order',
    args: [{ ...order, modelId: BigInt(order.modelId) }],
  } as const
}

/** Orders a copy with a signed permit (EIP-2612) instead of an approval. */
export function orderWithPermitCall(copyRegistry: Address, order: Order, permit: Permit) {
  return {
    address: copyRegistry,
    abi: copyRegistryAbi,
    functionName: 'orderWithPermit',
    args: [{ ...order, modelId: BigInt(order.modelId) }, permit],
  } as const
}
