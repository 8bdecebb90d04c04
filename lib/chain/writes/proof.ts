import {
  type Abi,
  type Address,
  type ContractEventName,
  type EncodeEventTopicsParameters,
  encodeEventTopics,
  type Hex,
} from 'viem'
import type { Proof } from './record'

/** The proof that a contract emitted an event with these indexed arguments, and `word` among its data. */
export function proofOf<const abi extends Abi, name extends ContractEventName<abi>>(
  address: Address,
  event: EncodeEventTopicsParameters<abi, name>,
  word?: Hex,
): Proof {
  const topics = encodeEventTopics(event as EncodeEventTopicsParameters) as (Hex | null)[]
  return { address, topics, word }
}
