import type { Matrix } from '../../inference/runtime'
import { zeros } from './matrix'

/** Columns [from, to) of the rows from `top` on, copied. */
export function columnsOf(m: Matrix, from: number, to: number, top = 0): Matrix {
  const out = zeros(m.rows - top, to - from)
  for (let i = top; i < m.rows; i++)
    out.data.set(m.data.subarray(i * m.cols + from, i * m.cols + to), (i - top) * out.cols)
  return out
}

export function subtractInto(m: Matrix, other: Matrix): void {
  for (let i = 0; i < m.data.length; i++) m.data[i] -= other.data[i]
}
