import type { Runtime } from './runtime'

/** Chooses the next token of a row from its logits [vocab]; −1 for none. */
export type Pick = Parameters<Runtime['generate']>[2]

/** Chooses the next tokens of the rows `from`, `from` + 1, … from their logits [rows, vocab]. */
export type PickRows = (logits: Float32Array, from: number, rows: number) => Int32Array | Promise<Int32Array>

export function rowByRow(pick: Pick, vocab: number): PickRows {
  return (logits, from, rows) =>
    Int32Array.from({ length: rows }, (_, row) => pick(logits.subarray(row * vocab, (row + 1) * vocab), from + row))
}
