/** Layout differences between GGUF and Hugging Face. */
export type GgufLayout =
  /**
   * Within each head, the two rows of a rotary pair are adjacent; Hugging Face stores all first rows, then all second
   * rows.
   */
  | { as: 'rotary pairs'; heads: number }
  /** All rows of q, then of k, then of v; Hugging Face stores q, k and v of each head in turn. */
  | { as: 'qkv blocks'; heads: number }
  /** The gain of a norm; Hugging Face stores the gain minus 1. */
  | { as: 'full gain' }
  /** [out, in]; Hugging Face has [in, out]. */
  | { as: 'transposed' }

/** Converts a tensor's values to the Hugging Face layout; `shape` is the shape in that layout. */
export function toHfLayout(values: Float32Array, shape: readonly number[], layout: GgufLayout): Float32Array {
  if (layout.as === 'full gain') return values.map((x) => x - 1)
  const cols = shape[1] ?? 1
  const out = new Float32Array(values.length)
  if (layout.as === 'transposed') {
    const rows = shape[0]
    for (let row = 0; row < rows; row++) for (let i = 0; i < cols; i++) out[row * cols + i] = values[i * rows + row]
    return out
  }
  const from = layout.as === 'rotary pairs' ? rowOfPair : rowOfBlock
  for (let row = 0; row < shape[0]; row++) {
    const at = from(row, shape[0], layout.heads) * cols
    out.set(values.subarray(at, at + cols), row * cols)
  }
  return out
}

/** Where a row of the Hugging Face layout is in the file. */
function rowOfPair(row: number, rows: number, heads: number): number {
  const headDim = rows / heads
  const within = row % headDim
  return row - within + 2 * (within % (headDim / 2)) + Math.floor((2 * within) / headDim)
}

function rowOfBlock(row: number, rows: number, heads: number): number {
  const headDim = rows / heads / 3
  const [head, part, within] = [Math.floor(row / headDim / 3), Math.floor(row / headDim) % 3, row % headDim]
  return (part * heads + head) * headDim + within
}
