import type { Matmul, Matrix, Runtime } from '../../inference/runtime'
import { row } from '../linear/matrix'

/**
 * logits = U x / rms(x) for a residual x; U [vocab, d] contains the final norm’s gain. With a cap, a logit becomes
 * cap · tanh(logit / cap).
 */
export type Head = { unembedding: Matrix; epsilon: number; cap: number | null }

/** The head with the inverse of its curvature, [d, d]; see `headCurvature`. */
export type HeadMetric = { matmul: Matmul; head: Head; inverseCurvature: Matrix }

export async function foldedHead(runtime: Runtime): Promise<Head> {
  const { gain, unembedding, epsilon, cap } = await runtime.head()
  const { rows, cols } = unembedding
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) unembedding.data[i * cols + j] *= gain[j]
  return { unembedding, epsilon, cap }
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

/** Logits of normalized residuals, [n, vocab]. */
export async function logitsAt(matmul: Matmul, { unembedding, cap }: Head, states: Matrix): Promise<Matrix> {
  const logits = await matmul(states, unembedding, 'b')
  if (cap !== null) for (let i = 0; i < logits.data.length; i++) logits.data[i] = capped(logits.data[i], cap)
  return logits
}

/** Logit of one answer for a normalized residual. */
export function logitAt({ unembedding, cap }: Head, state: Float32Array, answer: number): number {
  const weights = row(unembedding, answer)
  const logit = state.reduce((sum, x, j) => sum + x * weights[j], 0)
  return cap === null ? logit : capped(logit, cap)
}

/** By how much a logit changes for a change of U x / rms(x): less than that near a cap. */
export function capSlope({ cap }: Head, logit: number): number {
  return cap === null ? 1 : 1 - (logit / cap) ** 2
}

function capped(logit: number, cap: number): number {
  return cap * Math.tanh(logit / cap)
}
