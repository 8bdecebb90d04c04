import { LegacyError } from '../error'
import type { RuntimeShape, TokenBatch } from './runtime'

/** Refuses rows that the model cannot take; `more` is how many tokens will be added to each. */
export function assertRows({ ids, rows, length }: TokenBatch, shape: RuntimeShape, least: number, more = 0): void {
  if (rows < 1 || ids.length !== rows * length)
    throw new LegacyError(`${rows} rows of ${length} tokens need ${rows * length} ids; there are ${ids.length}.`)
  if (length < least) throw new LegacyError(`A row has ${length} tokens; at least ${least} are needed.`)
  if (length + more > shape.maxPositions)
    throw new LegacyError(
      `A row of ${length + more} tokens is longer than the model's ${shape.maxPositions} positions.`,
    )
  const odd = ids.find((id) => id < 0 || id >= shape.vocab)
  if (odd !== undefined) throw new LegacyError(`Token ${odd} is outside the vocabulary of ${shape.vocab}.`)
}

/** Consecutive rows, together at most `tokens` tokens (but at least one row); `from` is the first row's index. */
export function batchesOf({ ids, rows, length }: TokenBatch, tokens: number): (TokenBatch & { from: number })[] {
  const most = Math.max(1, Math.floor(tokens / length))
  return Array.from({ length: Math.ceil(rows / most) }, (_, i) => {
    const from = i * most
    const to = Math.min(rows, from + most)
    return { ids: ids.subarray(from * length, to * length), rows: to - from, length, from }
  })
}
