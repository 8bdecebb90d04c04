import { encodeAbiParameters, getAbiItem, type Hex, keccak256 } from 'viem'
import { modelRegistryAbi } from './generated'
import { type Terms, termsToChain } from './terms'

/** `keccak256(abi.encode(terms))`: quotes and registrations of children name it. */
export function termsHash(terms: Terms): Hex {
  const { outputs } = getAbiItem({ abi: modelRegistryAbi, name: 'terms' })
  return keccak256(encodeAbiParameters(outputs, [termsToChain(terms)]))
}
