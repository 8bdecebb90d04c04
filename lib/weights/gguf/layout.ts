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
  /** The first heads of all groups, then the second ones; Hugging Face stores the heads of each group in turn. */
  | ({ as: 'tiled rows' | 'tiled columns' } & Tiling)
  /** The pace of a decay; Hugging Face stores the logarithm of its opposite. */
  | ({ as: 'decay' } & Tiling)

/** Heads of `size` rows or columns, from the row or column `from` on. */
type Tiling = { groups: number; perGroup: number; size: number; from: number }

/** Converts a tensor's values to the Hugging Face layout; `shape` is the shape in that layout. */
export function toHfLayout(values: Float32Array, shape: readonly number[], layout: GgufLayout): Float32Array {
  const [rows] = shape
  const cols = values.length / rows
  switch (layout.as) {
    case 'full gain':
      return values.map((x) => x - 1)
    case 'transposed':
      return placed(rows, cols, (row, col) => values[col * rows + row])
    case 'rotary pairs':
      return byRows((row) => rowOfPair(row, rows, layout.heads))
    case 'qkv blocks':
      return byRows((row) => rowOfBlock(row, rows, layout.heads))
    case 'tiled rows':
      return byRows((row) => tiled(row, layout))
    case 'tiled columns':
      return placed(rows, cols, (row, col) => values[row * cols + tiled(col, layout)])
    case 'decay':
      return byRows((row) => tiled(row, layout)).map((pace) => Math.log(-pace))
  }

  function byRows(from: (row: number) => number): Float32Array {
    const out = new Float32Array(values.length)
    for (let row = 0; row < rows; row++) {
      const at = from(row) * cols
      out.set(values.subarray(at, at + cols), row * cols)
    }
    return out
  }
}

function placed(rows: number, cols: number, at: (row: number, col: number) => number): Float32Array {
  const out = new Float32Array(rows * cols)
  for (let row = 0; row < rows; row++) for (let col = 0; col < cols; col++) out[row * cols + col] = at(row, col)
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

function tiled(index: number, { groups, perGroup, size, from }: Tiling): number {
  if (index < from) return index
  const [head, within] = [Math.floor((index - from) / size), (index - from) % size]
  return from + ((head % perGroup) * groups + Math.floor(head / perGroup)) * size + within
}
