import type { Address, Hex } from 'viem'
import type { Proof } from './record'

type LogLike = { address: Address; topics: readonly Hex[]; data: Hex }

/** Whether a log is the proof. */
export function isProof({ address, topics, word }: Proof, log: LogLike): boolean {
  if (log.address.toLowerCase() !== address.toLowerCase()) return false
  if (!topics.every((topic, i) => topic === null || topic === log.topics[i])) return false
  return word === undefined || log.data.slice(2).match(/.{64}/g)?.includes(word.slice(2).toLowerCase()) === true
}

/** The first indexed argument of the event that is the proof, as a number: in our events, the id. */
export function provenId(proof: Proof, { logs }: { logs: readonly LogLike[] }): string | null {
  const id = logs.find((log) => isProof(proof, log))?.topics[1]
  return id === undefined ? null : BigInt(id).toString()
}
