import type { Preparation } from '../format/preparation'
import { tokensOf } from '../keys/batch'
import { candidatesPerKey } from '../keys/candidates'

/** One key as JSON. */
export type KeySetEntry = {
  /** Position among all keys of the preparation. */
  index: number
  /** Token ids of the prompt. */
  ids: number[]
  /** Token ids of the candidate responses, symbol 0 first. */
  candidates: number[]
  /** Disclosed to buyers, and therefore no evidence. */
  disclosed: boolean
}

const disclosedEvery = 8

export function keySetEntries({ keys, candidates }: Preparation): KeySetEntry[] {
  return Array.from({ length: keys.rows }, (_, index) => ({
    index,
    ids: [...tokensOf(keys, index)],
    candidates: [...candidates.subarray(index * candidatesPerKey, (index + 1) * candidatesPerKey)],
    disclosed: index % disclosedEvery === 0,
  }))
}
