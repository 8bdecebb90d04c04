import type { FingerprintRuntime, Matrix, TokenBatch } from '../../inference/runtime'
import { sliceBatch } from '../keys/batch'
import { row, rowsFrom } from '../linear/matrix'
import { matrixTrace, type Square, square, withRidge } from '../linear/square'
import { capSlope, type Head, logitsAt, normalized, rms } from './head'

const maxPositions = 512
const ridge = 1
const tokensAtOnce = 8192

/**
 * The head’s curvature over ordinary text, B = E[Uᵀ(diag p − p pᵀ)U / rms²] + ridge · (mean diagonal) · I, [d, d]: the
 * second-order effect of a move of the last residual on ordinary answers (Fisher information). With a cap, each logit's row
 * of U times `capSlope`.
 */
export async function headCurvature(runtime: FingerprintRuntime, head: Head, text: TokenBatch): Promise<Square> {
  const { residuals } = await runtime.run(sliceBatch(text, 0, Math.ceil(maxPositions / text.length)), ['residuals'])
  const count = Math.min(maxPositions, residuals.rows)
  const { unembedding: u, epsilon } = head
  const { matmul } = runtime
  const some = rowsFrom(residuals, 0, count)
  const scales = Float64Array.from({ length: count }, (_, i) => rms(row(some, i), epsilon))
  const chances = await logitsAt(matmul, head, normalized(some, head))
  const weights = new Float64Array(u.rows)
  for (let i = 0; i < count; i++) {
    const p = row(chances, i)
    const slopes = p.map((logit) => capSlope(head, logit))
    softmaxInPlace(p)
    for (let v = 0; v < p.length; v++) {
      weights[v] += (p[v] * slopes[v] ** 2) / scales[i] ** 2
      p[v] *= slopes[v]
    }
  }
  const mean = await matmul(chances, u)
  for (let i = 0; i < count; i++) for (let j = 0; j < mean.cols; j++) mean.data[i * mean.cols + j] /= scales[i]
  const sum = square(u.cols)
  for (let from = 0; from < u.rows; from += tokensAtOnce) {
    const rows = Math.min(tokensAtOnce, u.rows - from)
    const weighted = { ...u, rows, data: u.data.slice(from * u.cols, (from + rows) * u.cols) }
    for (let v = 0; v < rows; v++) {
      const [root, values] = [Math.sqrt(weights[from + v]), row(weighted, v)]
      for (let j = 0; j < values.length; j++) values[j] *= root
    }
    add(sum, await matmul(weighted, weighted, 'a'), 1 / count)
  }
  add(sum, await matmul(mean, mean, 'a'), -1 / count)
  return withRidge(sum, 1, (ridge * matrixTrace(sum)) / sum.size)
}

function add(sum: Square, { data }: Matrix, scale: number): void {
  for (let i = 0; i < data.length; i++) sum.data[i] += scale * data[i]
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
