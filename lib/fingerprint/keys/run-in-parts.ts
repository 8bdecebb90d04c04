import type { Matrix, RunOptions, Runtime, Tap, TokenBatch } from '../../inference/runtime'
import { sliceBatch } from './batch'

/** 128 rows of logits take 66 MB at a vocabulary of 128k. */
const defaultRows = 128

/**
 * Runs a batch some rows at a time, so that only one part’s taps are in memory. `from` is the part’s first row in the
 * batch.
 */
export async function* runInParts<T extends Tap>(
  runtime: Runtime,
  batch: TokenBatch,
  taps: readonly T[],
  { rowsAtOnce = defaultRows, onProgress, ...options }: RunOptions & { rowsAtOnce?: number } = {},
): AsyncGenerator<{ from: number; part: TokenBatch; out: Record<T, Matrix> }> {
  for (let from = 0; from < batch.rows; from += rowsAtOnce) {
    const part = sliceBatch(batch, from, from + rowsAtOnce)
    const out = await runtime.run(part, taps, {
      ...options,
      onProgress: onProgress && ((done) => onProgress(from + done, batch.rows)),
    })
    yield { from, part, out }
  }
}
