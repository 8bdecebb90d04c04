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

type LogLike = { address: Address; topics: readonly Hex[]; data: Hex }

/** Whether a log is the proof. */
export function isProof({ address, topics, word }: Proof, log: LogLike): boolean {
  if (log.address.toLowerCase() !== address.toLowerCase()) return false
  if (!topics.every((topic, i) => topic === null || topic === log.topics[i])) return false
  return word === undefined || log.data.slice(2).match(/.{64}/g)?.includes(word.slice(2).toLowerCase()) === true
}
