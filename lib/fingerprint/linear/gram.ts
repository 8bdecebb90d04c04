import type { Matrix } from '../../inference/runtime'
import { transpose } from './matrix'
import { productTransposed } from './product'
import type { Square } from './square'

const panel = 64
const chunkRows = 1024

/** sum += scale · zᵀz, for z [n, size]. The upper triangle is computed and then mirrored. */
export function addGram(sum: Square, z: Matrix, scale = 1): void {
  for (let from = 0; from < z.rows; from += chunkRows) {
    const rows = Math.min(chunkRows, z.rows - from)
    addChunk(
      sum,
      transpose({ data: z.data.subarray(from * z.cols, (from + rows) * z.cols), rows, cols: z.cols }),
      scale,
    )
  }
  const { data, size } = sum
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) data[i * size + j] = data[j * size + i]
}

function addChunk(sum: Square, zt: Matrix, scale: number): void {
  const { size } = sum
  for (let i0 = 0; i0 < size; i0 += panel) {
    const rows = Math.min(panel, size - i0)
    const left = { data: zt.data.subarray(i0 * zt.cols, (i0 + rows) * zt.cols), rows, cols: zt.cols }
    const right = { data: zt.data.subarray(i0 * zt.cols), rows: size - i0, cols: zt.cols }
    const block = productTransposed(left, right)
    for (let i = 0; i < rows; i++)
      for (let j = i; j < right.rows; j++) sum.data[(i0 + i) * size + i0 + j] += scale * block.data[i * right.rows + j]
  }
}
