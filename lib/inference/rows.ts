import { KinmarkError } from '../error'
import type { RuntimeShape, TokenBatch } from './runtime'

/** Throws if the model cannot take these rows. `added` is the number of tokens that will be added to each. */
export function assertRows({ ids, rows, length }: TokenBatch, shape: RuntimeShape, minimum: number, added = 0): void {
  if (rows < 1 || ids.length !== rows * length)
    throw new KinmarkError('inference.ids-wrong-length', { rows, tokens: length, ids: ids.length })
  if (length < minimum) throw new KinmarkError('inference.row-too-short', { tokens: length, minimum })
  const { vocab, maxPositions } = shape
  const tokens = length + added
  if (tokens > maxPositions) throw new KinmarkError('inference.row-too-long', { tokens, maxPositions })
  const token = ids.find((id) => id < 0 || id >= vocab)
  if (token !== undefined) throw new KinmarkError('inference.token-outside-vocabulary', { token, vocab })
}

/**
 * Splits rows into batches of at most `tokens` tokens, but at least one row. `from` is the index of a batch's first
 * row.
 */
export function batchesOf({ ids, rows, length }: TokenBatch, tokens: number): (TokenBatch & { from: number })[] {
  const size = Math.max(1, Math.floor(tokens / length))
  return Array.from({ length: Math.ceil(rows / size) }, (_, i) => {
    const from = i * size
    const to = Math.min(rows, from + size)
    return { ids: ids.subarray(from * length, to * length), rows: to - from, length, from }
  })
}
