import { codeBiases, codewordOf } from '../code/code'
import type { Preparation } from '../format/preparation'
import { type KeySetEntry, keySetEntries } from './key-set-entry'
import type { MintedCopy } from './minted-copy'

/** With this the model’s owner verifies any suspect: every key, and every copy’s codeword. JSON-safe, and secret. */
export type OwnerKeySet = {
  kind: 'owner'
  keys: KeySetEntry[]
  /** Upper bound on the probability that an unmarked model answers a key with one of its candidates. */
  nullRate: number
  /** Probability of each symbol in an innocent copy’s codeword, [N, symbols]. */
  biases: number[]
  /** `codeword`: one digit, the symbol, per key. */
  copies: { copyId: string; codeword: string }[]
}

export function ownerKeySet(preparation: Preparation, copies: readonly MintedCopy[]): OwnerKeySet {
  const { secret, keys, cutoff, nullRate } = preparation
  const code = codeBiases(secret, keys.rows, cutoff)
  return {
    kind: 'owner',
    keys: keySetEntries(preparation),
    nullRate,
    biases: [...code.chances],
    copies: copies.map(({ copyId, buyerSeed }) => ({
      copyId,
      codeword: codewordOf(secret, code, copyId, buyerSeed).join(''),
    })),
  }
}

/** The key set restricted to the keys at `positions`. */
export function subset({ biases, copies, keys, ...rest }: OwnerKeySet, positions: readonly number[]): OwnerKeySet {
  const symbols = biases.length / keys.length
  return {
    ...rest,
    keys: positions.map((i) => keys[i]),
    biases: positions.flatMap((i) => biases.slice(i * symbols, (i + 1) * symbols)),
    copies: copies.map(({ copyId, codeword }) => ({ copyId, codeword: positions.map((i) => codeword[i]).join('') })),
  }
}
