import type { Preparation } from '../format/preparation'
import type { KeyText } from '../keys/key-text'
import { promptsOf } from '../near-ties/near-tie-keys'
import { isDisclosed } from './is-disclosed'

/** One key as JSON. It does not say which of its two answers a copy gives. */
export type KeySetEntry = {
  /** Position among all keys of the preparation. */
  index: number
  /** Token ids of the prompt. */
  ids: number[]
  /** Token ids of the two answers. */
  pair: [number, number]
  /** The same as text; null where the model has no tokenizer. */
  text: KeyText | null
  /** Disclosed to buyers, and therefore no evidence. */
  disclosed: boolean
}

export function keySetEntries({ keys }: Pick<Preparation, 'keys'>): KeySetEntry[] {
  return promptsOf(keys).map((ids, index) => ({
    index,
    ids: [...ids],
    pair: [keys.pairs[2 * index], keys.pairs[2 * index + 1]],
    text: keys.texts?.[index] ?? null,
    disclosed: isDisclosed(index),
  }))
}
