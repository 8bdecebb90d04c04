import type { Matmul, Matrix } from '../../inference/runtime'
import { capSlope, type Head, logitsAt, normalized, rms } from '../head/head'
import { row, zeros } from '../linear/matrix'

/** A token at one of several positions. */
export type TokenAt = { at: number; token: number }

/** The next-token distributions of a model at several positions, and their derivatives. */
export type Predictions = {
  /** The log probability of a token, nats. */
  logprob(place: TokenAt): number
  /** −Σ p log p at a position, nats. */
  entropy(at: number): number
  /** Derivatives of the tokens' log probabilities along the last residuals, [n, d]: Uᵀ(e − p) / rms, with a cap each logit's part times `capSlope`. */
  gradients(places: readonly TokenAt[]): Matrix
}

/** The distributions that follow from the residuals after the last layer, [positions, d]. */
export async function predictions(matmul: Matmul, head: Head, residuals: Matrix): Promise<Predictions> {
  const { unembedding, cap, epsilon } = head
  const logits = await logitsAt(matmul, head, normalized(residuals, head))
  const [logZ, entropies] = [new Float64Array(logits.rows), new Float64Array(logits.rows)]
  const weighted = zeros(logits.rows, logits.cols)
  const slopeOf = (logit: number) => (cap === null ? 1 : capSlope(head, logit))
  for (let at = 0; at < logits.rows; at++) {
    const [values, parts] = [row(logits, at), row(weighted, at)]
    logZ[at] = logSumExp(values)
    for (let v = 0; v < values.length; v++) {
      const logprob = values[v] - logZ[at]
      const p = Math.exp(logprob)
      entropies[at] -= p * logprob
      parts[v] = p * slopeOf(values[v])
    }
  }
  const expected = await matmul(weighted, unembedding)
  return {
    logprob: ({ at, token }) => row(logits, at)[token] - logZ[at],
    entropy: (at) => entropies[at],
    gradients(places) {
      const out = zeros(places.length, residuals.cols)
      for (const [i, { at, token }] of places.entries()) {
        const [values, answer, mean] = [row(out, i), row(unembedding, token), row(expected, at)]
        const slope = slopeOf(row(logits, at)[token])
        const scale = rms(row(residuals, at), epsilon)
        for (let j = 0; j < values.length; j++) values[j] = (slope * answer[j] - mean[j]) / scale
      }
      return out
    },
  }
}

function logSumExp(values: Float32Array): number {
  let most = values[0]
  for (let v = 1; v < values.length; v++) if (values[v] > most) most = values[v]
  let sum = 0
  for (let v = 0; v < values.length; v++) sum += Math.exp(values[v] - most)
  return most + Math.log(sum)
}
