/** Layout differences between GGUF and Hugging Face. */
export type GgufLayout =
  /**
   * Within each head, the two rows of a rotary pair are adjacent; Hugging Face stores all first rows, then all second
   * rows.
   */
  | { as: 'rotary pairs'; heads: number }
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
  const headDim = shape[0] / layout.heads
  for (let row = 0; row < shape[0]; row++) {
    const within = row % headDim
    const from = row - within + 2 * (within % (headDim / 2)) + Math.floor((2 * within) / headDim)
    out.set(values.subarray(from * cols, (from + 1) * cols), row * cols)
  }
  return out
}
