import { row, zeros } from '../../lib/fingerprint/linear/matrix'
import { gaussian, seededRandom } from '../../lib/fingerprint/stats/random'
import type { Matmul, Matrix } from '../../lib/inference/runtime'

const iterations = 8

/** Orthonormal rows [rank, size] that span the widest directions of a symmetric, positive `gram` [size, size]: subspace iteration. */
export async function widestDirections(matmul: Matmul, gram: Matrix, rank: number): Promise<Matrix> {
  const random = seededRandom(new Uint8Array(16).fill(11))
  let rows = zeros(rank, gram.cols)
  for (let i = 0; i < rows.data.length; i++) rows.data[i] = gaussian(random)
  for (let n = 0; n < iterations; n++) rows = orthonormal(await matmul(rows, gram))
  return rows
}

/** Orthonormal rows with the same span, in place (modified Gram–Schmidt); rows that depend on those before are nothing. */
function orthonormal(rows: Matrix): Matrix {
  for (let i = 0; i < rows.rows; i++) {
    const mine = row(rows, i)
    const before = length(mine)
    for (let j = 0; j < i; j++) {
      const other = row(rows, j)
      let along = 0
      for (let t = 0; t < mine.length; t++) along += mine[t] * other[t]
      for (let t = 0; t < mine.length; t++) mine[t] -= along * other[t]
    }
    const left = length(mine)
    for (let t = 0; t < mine.length; t++) mine[t] = left > 1e-4 * before ? mine[t] / left : 0
  }
  return rows
}

function length(x: Float32Array): number {
  let sum = 0
  for (let t = 0; t < x.length; t++) sum += x[t] * x[t]
  return Math.sqrt(sum)
}

/** w − w VᵀV, or w VᵀV where `keep`: rows of w [out, size] without, or only, the directions V [rank, size]. */
export async function alongDirections(matmul: Matmul, w: Matrix, directions: Matrix, keep: boolean): Promise<Matrix> {
  const along = await matmul(await matmul(w, directions, 'b'), directions)
  if (!keep) for (let i = 0; i < along.data.length; i++) along.data[i] = w.data[i] - along.data[i]
  return along
}
