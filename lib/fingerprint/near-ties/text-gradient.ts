import type { FingerprintRuntime, Matrix, RunOptions, TokenBatch } from '../../inference/runtime'
import { sliceBatch } from '../keys/batch'
import { row, takeRows, zeros } from '../linear/matrix'
import { normalized, rms } from '../targets/head'
import type { HeadMetric } from '../targets/target-moves'
import { ridgeSolver } from './embed-ties'
import type { TiePreparation } from './preparation'

const rowsAtOnce = 8

/**
 * How each bit of a copy would change the log-likelihood of ordinary text, [N] nats: the base's own, differentiated in
 * closed form along each key's edit, as if every edit reached the last residual unchanged. For key k and answer token
 * x at position t: (Uᵀ(e_x − p_t) / rms_t · moves_k) · Σ_l z_t · solvers_lk, summed over t, then taken from α to bits by
 * (G + ridge)⁻¹. Any vector that does not depend on the secret bits gives a valid test; a rough one costs power only.
 *
 * `texts` [n, T]: tokens as the model saw them; those from `from` on are its answers.
 */
export async function textGradient(
  runtime: FingerprintRuntime,
  { head }: Pick<HeadMetric, 'head'>,
  preparation: Pick<TiePreparation, 'layers' | 'writing' | 'kernel' | 'margins'>,
  texts: TokenBatch,
  from: number,
  options: RunOptions = {},
): Promise<Float64Array> {
  const { layers, writing, kernel, margins } = preparation
  const slopes = new Float64Array(margins.length)
  for (let at = 0; at < texts.rows; at += rowsAtOnce) {
    const part = sliceBatch(texts, at, at + rowsAtOnce)
    const taps = layers.map((layer) => `zs.${layer}` as const)
    const out = await runtime.run(part, ['residuals', ...taps], { signal: options.signal })
    const ends = positionsBefore(part, from)
    const residuals = takeRows(out.residuals, ends)
    const gradient = await headGradient(runtime, head, residuals, part, from)
    const along = await runtime.matmul(gradient, writing.moves, 'b')
    const overlap = zeros(along.rows, along.cols)
    for (const [i, tap] of taps.entries()) {
      const { data } = await runtime.matmul(takeRows(out[tap], ends), writing.solvers[i], 'b')
      for (let j = 0; j < data.length; j++) overlap.data[j] += data[j]
    }
    for (let i = 0; i < along.rows; i++)
      for (let k = 0; k < along.cols; k++)
        slopes[k] += along.data[i * along.cols + k] * overlap.data[i * along.cols + k]
    options.onProgress?.(Math.min(at + rowsAtOnce, texts.rows), texts.rows)
  }
  const solve = await ridgeSolver(runtime, kernel)
  const whitened = await solve({ data: Float32Array.from(slopes), rows: 1, cols: slopes.length })
  return Float64Array.from(whitened.data, (x, k) => x * margins[k])
}

/** Uᵀ(e_x − p) / rms for every answer token x, [n (T − from), d]. */
async function headGradient(
  { matmul }: FingerprintRuntime,
  head: HeadMetric['head'],
  residuals: Matrix,
  part: TokenBatch,
  from: number,
): Promise<Matrix> {
  const surprise = await matmul(normalized(residuals, head), head.unembedding, 'b')
  for (let i = 0; i < surprise.rows; i++) minusSoftmax(row(surprise, i))
  const answers = part.length - from
  for (let i = 0; i < surprise.rows; i++) {
    const token = part.ids[Math.floor(i / answers) * part.length + from + (i % answers)]
    surprise.data[i * surprise.cols + token] += 1
  }
  const gradient = await matmul(surprise, head.unembedding)
  for (let i = 0; i < gradient.rows; i++) {
    const scale = rms(row(residuals, i), head.epsilon)
    const values = row(gradient, i)
    for (let j = 0; j < values.length; j++) values[j] /= scale
  }
  return gradient
}

function minusSoftmax(logits: Float32Array): void {
  let most = logits[0]
  for (let v = 1; v < logits.length; v++) if (logits[v] > most) most = logits[v]
  let sum = 0
  for (let v = 0; v < logits.length; v++) {
    logits[v] = Math.exp(logits[v] - most)
    sum += logits[v]
  }
  for (let v = 0; v < logits.length; v++) logits[v] /= -sum
}

/** Indexes of the positions that predict the tokens from `from` on. */
function positionsBefore({ rows, length }: TokenBatch, from: number): number[] {
  return Array.from(
    { length: rows * (length - from) },
    (_, i) => Math.floor(i / (length - from)) * length + from - 1 + (i % (length - from)),
  )
}
