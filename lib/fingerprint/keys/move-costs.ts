import type { Matrix } from '../../inference/runtime'
import { row, zeros } from '../linear/matrix'
import { strongestCompetitor } from '../targets/competitors'
import { rms } from '../targets/head'
import type { HeadMetric } from '../targets/target-moves'
import { candidatesPerKey } from './candidates'

/** Margin in logits that a move is calculated for. */
const margin = 6

/**
 * Per row, the cost of moving its last residual so that it answers each of its candidates [n, k], summed over them: the
 * squared length, in the head’s curvature, of the first Kaczmarz step. It estimates the quality loss on ordinary text.
 */
export async function moveCosts(
  { matmul, head, inverseCurvature }: HeadMetric,
  residuals: Matrix,
  logits: Matrix,
  candidates: Uint32Array,
): Promise<Float64Array> {
  const { unembedding: u, epsilon } = head
  const costs = new Float64Array(residuals.rows)
  for (let symbol = 0; symbol < candidatesPerKey; symbol++) {
    const tokens = Uint32Array.from(costs, (_, i) => candidates[i * candidatesPerKey + symbol])
    const { margins, mean } = await strongestCompetitor(matmul, head, { ...logits, data: logits.data.slice() }, tokens)
    const away = zeros(residuals.rows, u.cols)
    for (const [i, token] of tokens.entries()) {
      const competitor = row(mean, i)
      row(away, i).set(row(u, token).map((x, j) => x - competitor[j]))
    }
    const along = await matmul(away, inverseCurvature)
    for (let i = 0; i < costs.length; i++) {
      const [a, b] = [row(away, i), row(along, i)]
      const gap = Math.max(0, margin - margins[i]) * rms(row(residuals, i), epsilon)
      costs[i] += gap ** 2 / a.reduce((sum, x, j) => sum + x * b[j], 0)
    }
  }
  return costs
}
