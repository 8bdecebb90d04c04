import type { TokenBatch } from '../../inference/runtime'

/** Rows of one length as a batch. */
export function batchOf(rows: readonly ArrayLike<number>[]): TokenBatch {
  const length = rows[0]?.length ?? 0
  const ids = new Int32Array(rows.length * length)
  for (const [i, row] of rows.entries()) ids.set(row, i * length)
  return { ids, rows: rows.length, length }
}

export function tokensOf(batch: TokenBatch, row: number): Int32Array {
  return batch.ids.subarray(row * batch.length, (row + 1) * batch.length)
}

/** Rows [from, to) as a view. */
export function sliceBatch(batch: TokenBatch, from: number, to: number): TokenBatch {
  const end = Math.min(to, batch.rows)
  return { ids: batch.ids.subarray(from * batch.length, end * batch.length), rows: end - from, length: batch.length }
}

export function takeBatch(batch: TokenBatch, rows: readonly number[]): TokenBatch {
  return batchOf(rows.map((row) => tokensOf(batch, row)))
}
