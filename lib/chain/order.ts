import { type Address, type Hex, keccak256, size } from 'viem'
import { LegacyError } from '../error'
import { copyRegistryAbi } from './generated'
import type { Permit } from './permit'

export type Order = {
  modelId: bigint | string
  version: number
  /** The price that the buyer has read. */
  maxPrice: bigint
  /** Of the terms that the buyer has read. */
  termsHash: Hex
  buyerSeedHash: Hex
  minter: Address
}

/** The chain learns the hash of the buyer's seed only, so that no one but buyer and minter can tell the codeword. */
export function buyerSeedHash(seed: Hex): Hex {
  if (size(seed) !== 32) throw new LegacyError(`The buyer's seed has ${size(seed)} bytes where 32 are needed.`)
  return keccak256(seed)
}

/** Orders a copy. Price and collateral must be allowed to the copy registry before. */
export function orderCall(copyRegistry: Address, order: Order) {
  return {
    address: copyRegistry,
    abi: copyRegistryAbi,
    functionName: 'order',
    args: [{ ...order, modelId: BigInt(order.modelId) }],
  } as const
}

/** Orders a copy with the allowance signed. */
export function orderWithPermitCall(copyRegistry: Address, order: Order, permit: Permit) {
  return {
    address: copyRegistry,
    abi: copyRegistryAbi,
    functionName: 'orderWithPermit',
    args: [{ ...order, modelId: BigInt(order.modelId) }, permit],
  } as const
}
