import type { Runtime, TokenBatch } from '../../inference/runtime'
import { sliceBatch } from '../keys/batch'
import { addGram } from '../linear/gram'
import { row, zeros } from '../linear/matrix'
import { product, productTransposed } from '../linear/product'
import { matrixTrace, type Square, square, withRidge } from '../linear/square'
import { type Head, rms } from './head'

const maxPositions = 512
const ridge = 1

/**
 * The head’s curvature over ordinary text, B = E[Uᵀ(diag p − p pᵀ)U / rms²] + ridge · (mean diagonal) · I, [d, d]: the
 * second-order effect of a move of the last residual on ordinary answers (Fisher information).
 */
export async function headCurvature(runtime: Runtime, head: Head, text: TokenBatch): Promise<Square> {
  const { residuals } = await runtime.run(sliceBatch(text, 0, Math.ceil(maxPositions / text.length)), ['residuals'])
  const count = Math.min(maxPositions, residuals.rows)
  const { unembedding: u, epsilon } = head
  const normed = zeros(count, residuals.cols)
  const scales = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    scales[i] = rms(row(residuals, i), epsilon)
    row(normed, i).set(row(residuals, i).map((x) => x / scales[i]))
  }
  const chances = productTransposed(normed, u)
  const weights = new Float64Array(u.rows)
  for (let i = 0; i < count; i++) {
    const p = row(chances, i)
    softmaxInPlace(p)
    for (let v = 0; v < p.length; v++) weights[v] += p[v] / scales[i] ** 2
  }
  const mean = product(chances, u)
  for (let i = 0; i < count; i++) for (let j = 0; j < mean.cols; j++) mean.data[i * mean.cols + j] /= scales[i]
  const weighted = zeros(u.rows, u.cols)
  for (let v = 0; v < u.rows; v++) {
    const root = Math.sqrt(weights[v])
    for (let j = 0; j < u.cols; j++) weighted.data[v * u.cols + j] = u.data[v * u.cols + j] * root
  }
  const sum = square(u.cols)
  addGram(sum, weighted, 1 / count)
  addGram(sum, mean, -1 / count)
  return withRidge(sum, 1, (ridge * matrixTrace(sum)) / sum.size)
}

function softmaxInPlace(values: Float32Array): void {
  const largest = values.reduce((a, b) => Math.max(a, b))
  let sum = 0
  for (let i = 0; i < values.length; i++) {
    values[i] = Math.exp(values[i] - largest)
    sum += values[i]
  }
  for (let i = 0; i < values.length; i++) values[i] /= sum
}
