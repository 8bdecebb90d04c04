import type { Matrix } from '../../inference/runtime'
import { row, zeros } from '../linear/matrix'
import { strongestCompetitor } from '../targets/competitors'
import { rms } from '../targets/head'
import type { HeadMetric } from '../targets/target-moves'
import { candidatesPerKey } from './candidates'

/** Logits by which a candidate shall win in the reckoning. */
const margin = 6

/**
 * What it costs, in the head's curvature, to make each row answer each of its candidates [n, k], summed over them: the
 * length of the first Kaczmarz step from its last residual. What a key costs is harm to ordinary text.
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
      const rival = row(mean, i)
      row(away, i).set(row(u, token).map((x, j) => x - rival[j]))
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
