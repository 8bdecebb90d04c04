import type { Matrix } from '../../inference/runtime'

export function zeros(rows: number, cols: number): Matrix {
  return { data: new Float32Array(rows * cols), rows, cols }
}

/** Row i as a view. */
export function row(m: Matrix, i: number): Float32Array {
  return m.data.subarray(i * m.cols, (i + 1) * m.cols)
}

/** Rows [from, to) as a view. */
export function rowsFrom({ data, cols }: Matrix, from: number, to: number): Matrix {
  return { data: data.subarray(from * cols, to * cols), rows: to - from, cols }
}

/** A copy of the rows at `indexes`. */
export function takeRows(m: Matrix, indexes: ArrayLike<number>): Matrix {
  const out = zeros(indexes.length, m.cols)
  for (let i = 0; i < indexes.length; i++) out.data.set(row(m, indexes[i]), i * m.cols)
  return out
}

export function transpose(m: Matrix): Matrix {
  const out = zeros(m.cols, m.rows)
  const tile = 32
  for (let i0 = 0; i0 < m.rows; i0 += tile)
    for (let j0 = 0; j0 < m.cols; j0 += tile) {
      const [iEnd, jEnd] = [Math.min(i0 + tile, m.rows), Math.min(j0 + tile, m.cols)]
      for (let i = i0; i < iEnd; i++) for (let j = j0; j < jEnd; j++) out.data[j * m.rows + i] = m.data[i * m.cols + j]
    }
  return out
}

/** Index of the largest value; of equal values, the first. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i
  return best
}
