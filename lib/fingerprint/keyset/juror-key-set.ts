import type { Preparation } from '../format/preparation'
import { copyBits, responsesOf } from '../near-ties/copy-bits'
import { type KeySetEntry, keySetEntries } from './key-set-entry'
import type { MintedCopy } from './minted-copy'
import { eighthOf } from './opened-keys'

/**
 * With this a juror asks a suspect in a case about a copy: the keys of the drawn eighth, and the answer that the copy was
 * given to each. Keys that buyers see are left out, since they are no evidence. JSON-safe, and secret until they are opened.
 */
export type JurorKeySet = {
  kind: 'juror'
  copyId: string
  eighth: number
  keys: KeySetEntry[]
  /** Token id per key. */
  responses: number[]
}

export function jurorKeySet(preparation: Preparation, { copyId, buyerSeed }: MintedCopy, eighth: number): JurorKeySet {
  const { secret, keys: ties } = preparation
  const count = ties.gaps.length
  const responses = responsesOf(ties.pairs, copyBits(secret, copyId, buyerSeed, count))
  const { from, to } = eighthOf(count, eighth)
  const keys = keySetEntries(preparation)
    .slice(from, to)
    .filter(({ disclosed }) => !disclosed)
  return { kind: 'juror', copyId, eighth, keys, responses: keys.map(({ index }) => responses[index]) }
}
