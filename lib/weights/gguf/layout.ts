/** How a file's numbers differ from those of a Hugging Face folder, where they do: GGUF has its own ideas of some. */
export type GgufLayout =
  /** Rows of each head with the two halves of its rotary pairs side by side, not one half after the other. */
  | { as: 'rotary pairs'; heads: number }
  /** A norm's gain, of which Hugging Face stores what is above 1. */
  | { as: 'whole gain' }
  /** [out, in], where Hugging Face has [in, out]. */
  | { as: 'transposed' }

/** The numbers as a Hugging Face folder has them; `shape` is theirs there. */
export function toHfLayout(values: Float32Array, shape: readonly number[], layout: GgufLayout): Float32Array {
  if (layout.as === 'whole gain') return values.map((x) => x - 1)
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
