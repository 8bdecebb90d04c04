import type { Matmul, Matrix } from '../../inference/runtime'
import { row, takeRows, zeros } from '../linear/matrix'
import { allCompetitors, type MarginRule } from './competitors'
import { type Head, rms } from './head'

const steps = 60
const closeEnough = 1e-3
/** Longest move relative to the residual, so that an unreachable target does not diverge. */
const reach = 1

/** The head with the inverse of its curvature, [d, d]. */
export type HeadMetric = { matmul: Matmul; head: Head; inverseCurvature: Matrix }

/**
 * Per row, the smallest move of its last residual [n, d], in the metric of the head’s curvature, that gives `responses[i]`
 * a margin of `targets[i]` nats over its competitors. Kaczmarz steps through the final norm and head.
 */
export async function targetMoves(
  metric: HeadMetric,
  residuals: Matrix,
  responses: Uint32Array,
  targets: Float64Array,
  marginRule: MarginRule = allCompetitors,
): Promise<Matrix> {
  const { matmul, head, inverseCurvature } = metric
  const { unembedding: u, epsilon } = head
  const moves = zeros(residuals.rows, residuals.cols)
  const limits = Float64Array.from({ length: residuals.rows }, (_, i) => reach * norm(row(residuals, i)))
  let active = Array.from({ length: residuals.rows }, (_, i) => i)
  for (let step = 0; step < steps && active.length > 0; step++) {
    const normed = takeRows(residuals, active)
    const scales = active.map((key, i) => {
      const x = row(normed, i)
      for (let j = 0; j < x.length; j++) x[j] += moves.data[key * x.length + j]
      const scale = rms(x, epsilon)
      for (let j = 0; j < x.length; j++) x[j] /= scale
      return scale
    })
    const tokens = active.map((key) => responses[key])
    const { margins, mean } = await marginRule(matmul, head, await matmul(normed, u, 'b'), tokens)
    const gaps = active.map((key, i) => targets[key] - margins[i])
    const open = active.flatMap((_, i) => (gaps[i] >= closeEnough ? [i] : []))
    const away = zeros(open.length, u.cols)
    for (const [at, i] of open.entries()) {
      const [response, competitor] = [row(u, tokens[i]), row(mean, i)]
      row(away, at).set(response.map((x, j) => x - competitor[j]))
    }
    const along = await matmul(away, inverseCurvature)
    for (const [at, i] of open.entries()) {
      const [a, b, move] = [row(away, at), row(along, at), row(moves, active[i])]
      const stride = (gaps[i] * scales[i]) / a.reduce((sum, x, j) => sum + x * b[j], 0)
      for (let j = 0; j < move.length; j++) move[j] += stride * b[j]
      const cut = limits[active[i]] / norm(move)
      if (cut < 1) for (let j = 0; j < move.length; j++) move[j] *= cut
    }
    active = open.map((i) => active[i])
  }
  return moves
}

function norm(x: Float32Array): number {
  return Math.sqrt(x.reduce((sum, value) => sum + value * value, 0))
}
