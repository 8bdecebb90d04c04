import type { Matrix } from '../../inference/runtime'
import { zeros } from './matrix'

/** A copy of columns [from, to) of the rows from `top` on. */
export function columnsOf(m: Matrix, from: number, to: number, top = 0): Matrix {
  const out = zeros(m.rows - top, to - from)
  for (let i = top; i < m.rows; i++)
    out.data.set(m.data.subarray(i * m.cols + from, i * m.cols + to), (i - top) * out.cols)
  return out
}

/** m −= other. */
export function subtractInto(m: Matrix, other: Matrix): void {
  for (let i = 0; i < m.data.length; i++) m.data[i] -= other.data[i]
}
