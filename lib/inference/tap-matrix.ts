import type { Tap } from '../onnx/graph/tap'
import type { Matrix, RuntimeShape } from './runtime'

/** A matrix of zeros with the shape of a tap for rows of `length` tokens. */
export function tapMatrix(
  tap: Tap,
  { vocab, hidden, widths }: Pick<RuntimeShape, 'vocab' | 'hidden' | 'widths'>,
  { rows, length }: { rows: number; length: number },
): Matrix {
  const everywhere = tap === 'residuals' || tap.startsWith('zs.') || tap.startsWith('states.')
  const count = everywhere ? rows * length : rows
  const cols =
    tap === 'logits' ? vocab : tap === 'nll' ? length - 1 : tap.startsWith('z') ? widths[layerOf(tap)] : hidden
  return { data: new Float32Array(count * cols), rows: count, cols }
}

/** A view of the rows of a tap's matrix that belong to the token rows `from` to `from + rows` of `all`. */
export function partOf(
  { data, rows, cols }: Matrix,
  part: { from: number; rows: number },
  all: { rows: number },
): Matrix {
  const each = rows / all.rows
  const view = data.subarray(part.from * each * cols, (part.from + part.rows) * each * cols)
  return { data: view, rows: part.rows * each, cols }
}

const layerOf = (tap: Tap) => Number(tap.split('.')[1])
