import type { Matmul, Matrix, Runtime } from '../../inference/runtime'
import { row } from '../linear/matrix'

/** logits = U x / rms(x) for a residual x; U [vocab, d] contains the final norm’s gain. */
export type Head = { unembedding: Matrix; epsilon: number }

/** The head with the inverse of its curvature, [d, d]; see `headCurvature`. */
export type HeadMetric = { matmul: Matmul; head: Head; inverseCurvature: Matrix }

export async function foldedHead(runtime: Runtime): Promise<Head> {
  const { gain, unembedding, epsilon } = await runtime.head()
  const { rows, cols } = unembedding
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) unembedding.data[i * cols + j] *= gain[j]
  return { unembedding, epsilon }
}

/** Root mean square of a residual, with the final norm’s epsilon. */
export function rms(x: ArrayLike<number>, epsilon: number): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i] * x[i]
  return Math.sqrt(sum / x.length + epsilon)
}

/** Rows x / rms(x), [n, d]: what the head's product takes. */
export function normalized(residuals: Matrix, { epsilon }: Head): Matrix {
  const out = { ...residuals, data: residuals.data.slice() }
  for (let i = 0; i < out.rows; i++) {
    const x = row(out, i)
    const scale = rms(x, epsilon)
    for (let j = 0; j < x.length; j++) x[j] /= scale
  }
  return out
}
