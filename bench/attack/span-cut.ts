import type { Square } from '../../lib/fingerprint/linear/square'
import type { Matmul, Matrix } from '../../lib/inference/runtime'
import { alongDirections, widestDirections } from './directions'

/** W with only the `rank` directions in which traffic varies most. */
export async function widestOnly(matmul: Matmul, w: Matrix, moment: Square, rank: number): Promise<Matrix> {
  return alongDirections(matmul, w, await widestDirections(matmul, asMatrix(moment), rank), true)
}

/** The mean of several copies' W without the `rank` widest directions of their differences. */
export async function spanCut(matmul: Matmul, copies: readonly Matrix[], rank: number): Promise<Matrix> {
  const [{ rows, cols }] = copies
  const mean = copies[0].data.map((_, i) => copies.reduce((sum, { data }) => sum + data[i], 0) / copies.length)
  const differences = { data: new Float32Array(copies.length * rows * cols), rows: copies.length * rows, cols }
  for (const [n, { data }] of copies.entries())
    differences.data.set(
      data.map((x, i) => x - mean[i]),
      n * rows * cols,
    )
  const directions = await widestDirections(matmul, await matmul(differences, differences, 'a'), rank)
  return alongDirections(matmul, { data: mean, rows, cols }, directions, false)
}

function asMatrix({ data, size }: Square): Matrix {
  return { data: Float32Array.from(data), rows: size, cols: size }
}
