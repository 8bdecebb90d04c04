import { cholesky, solveLower } from '../../lib/fingerprint/linear/cholesky'
import { transpose, zeros } from '../../lib/fingerprint/linear/matrix'
import { square } from '../../lib/fingerprint/linear/square'
import { gaussian, seededRandom } from '../../lib/fingerprint/stats/random'
import type { Matmul, Matrix } from '../../lib/inference/runtime'

const iterations = 12

/** Orthonormal rows [rank, size] that span the widest directions of a symmetric, positive `gram` [size, size]: subspace iteration. */
export async function widestDirections(matmul: Matmul, gram: Matrix, rank: number): Promise<Matrix> {
  const random = seededRandom(new Uint8Array(16).fill(11))
  let rows = zeros(rank, gram.cols)
  for (let i = 0; i < rows.data.length; i++) rows.data[i] = gaussian(random)
  for (let n = 0; n < iterations; n++) rows = await orthonormal(matmul, await matmul(rows, gram))
  return orthonormal(matmul, rows)
}

/** Rows with the same span: L⁻¹ rows with L Lᵀ their Gram matrix. */
async function orthonormal(matmul: Matmul, rows: Matrix): Promise<Matrix> {
  const { data } = await matmul(rows, rows, 'b')
  const gram = square(rows.rows)
  gram.data.set(data)
  let trace = 0
  for (let i = 0; i < gram.size; i++) trace += gram.data[i * gram.size + i]
  for (let i = 0; i < gram.size; i++) gram.data[i * gram.size + i] += (1e-7 * trace) / gram.size
  return transpose(solveLower(cholesky(gram), transpose(rows)))
}

/** w − w VᵀV, or w VᵀV where `keep`: rows of w [out, size] without, or only, the directions V [rank, size]. */
export async function alongDirections(matmul: Matmul, w: Matrix, directions: Matrix, keep: boolean): Promise<Matrix> {
  const along = await matmul(await matmul(w, directions, 'b'), directions)
  if (!keep) for (let i = 0; i < along.data.length; i++) along.data[i] = w.data[i] - along.data[i]
  return along
}
