import type { Address, TypedDataDomain } from 'viem'

/** The EIP-712 domain of one of Kinmark’s contracts. */
export function domainOf(chainId: number, verifyingContract: Address): TypedDataDomain {
  return { name: 'Kinmark', version: '1', chainId, verifyingContract }
}
