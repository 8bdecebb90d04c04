import type { Tap } from '../onnx/graph/tap'
import type { Matrix, RuntimeShape } from './runtime'

/** Room for what a tap gives of rows of `length` tokens. */
export function tapMatrix(
  tap: Tap,
  { vocab, hidden, ff }: RuntimeShape,
  { rows, length }: { rows: number; length: number },
): Matrix {
  const everywhere = tap === 'residuals' || tap.startsWith('zs.')
  const count = everywhere ? rows * length : rows
  const cols = tap === 'logits' ? vocab : tap === 'nll' ? length - 1 : tap.startsWith('residual') ? hidden : ff
  return { data: new Float32Array(count * cols), rows: count, cols }
}

/** The rows of a matrix that belong to rows `from` to `from + rows` of the `all` it was asked for; not a copy. */
export function partOf(
  { data, rows, cols }: Matrix,
  part: { from: number; rows: number },
  all: { rows: number },
): Matrix {
  const each = rows / all.rows
  const view = data.subarray(part.from * each * cols, (part.from + part.rows) * each * cols)
  return { data: view, rows: part.rows * each, cols }
}
