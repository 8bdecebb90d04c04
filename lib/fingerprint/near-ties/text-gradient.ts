import type { FingerprintRuntime, Matrix, RunOptions, TokenBatch } from '../../inference/runtime'
import type { Preparation } from '../format/preparation'
import { capSlope, type HeadMetric, logitsAt, normalized, rms } from '../head/head'
import { row, takeRows, zeros } from '../linear/matrix'
import { ridgeSolver } from './embed-ties'

const rowsAtOnce = 8

/** Tokens as the model saw them; those from `from` ≥ 1 on are its answer. */
export type Transcript = { ids: ArrayLike<number>; from: number }

/**
 * How each bit of a copy would change the log-likelihood of ordinary text, [N] nats: that of the base, or of a reference
 * (see `likeliestReference`) given by its `edits` and `writing`, differentiated in closed form along each key's edit, as if every edit reached the last residual unchanged. For key k and answer token
 * x at position t: (Uᵀ(e_x − p_t) / rms_t · moves_k) · Σ_l z_t · solvers_lk, summed over t, then taken from α to bits by
 * (G + ridge)⁻¹. Any vector that does not depend on the secret bits gives a valid test; a rough one costs power only.
 */
export async function textGradient(
  runtime: FingerprintRuntime,
  { head }: Pick<HeadMetric, 'head'>,
  preparation: Pick<Preparation, 'layers' | 'writing' | 'kernel' | 'margins'>,
  texts: readonly Transcript[],
  options: RunOptions = {},
): Promise<Float64Array> {
  return toBits(runtime, preparation, await textSlopes(runtime, { head }, preparation, texts, options))
}

/** The gradient along each key's α instead of its bit, [N]; those of several texts add up. */
export async function textSlopes(
  runtime: FingerprintRuntime,
  { head }: Pick<HeadMetric, 'head'>,
  { layers, writing, margins }: Pick<Preparation, 'layers' | 'writing' | 'margins'>,
  texts: readonly Transcript[],
  options: RunOptions = {},
): Promise<Float64Array> {
  const slopes = new Float64Array(margins.length)
  const taps = layers.map((layer) => `zs.${layer}` as const)
  const inOrder = texts.toSorted((a, b) => a.ids.length - b.ids.length)
  for (let at = 0; at < inOrder.length; at += rowsAtOnce) {
    const part = inOrder.slice(at, at + rowsAtOnce)
    const batch = padded(part)
    const out = await runtime.run(batch, ['residuals', ...taps], { edits: options.edits, signal: options.signal })
    const answers = part.flatMap(({ ids, from }, r) =>
      Array.from({ length: ids.length - from }, (_, i) => ({
        token: ids[from + i],
        end: r * batch.length + from + i - 1,
      })),
    )
    const ends = answers.map(({ end }) => end)
    const residuals = takeRows(out.residuals, ends)
    const gradient = await headGradient(
      runtime,
      head,
      residuals,
      answers.map(({ token }) => token),
    )
    const along = await runtime.matmul(gradient, writing.moves, 'b')
    const overlap = zeros(along.rows, along.cols)
    for (const [i, tap] of taps.entries()) {
      const { data } = await runtime.matmul(takeRows(out[tap], ends), writing.solvers[i], 'b')
      for (let j = 0; j < data.length; j++) overlap.data[j] += data[j]
    }
    for (let i = 0; i < along.rows; i++)
      for (let k = 0; k < along.cols; k++)
        slopes[k] += along.data[i * along.cols + k] * overlap.data[i * along.cols + k]
    options.onProgress?.(Math.min(at + rowsAtOnce, texts.length), texts.length)
  }
  return slopes
}

/** Slopes along each α as slopes along each bit. */
export async function toBits(
  runtime: FingerprintRuntime,
  { kernel, margins }: Pick<Preparation, 'kernel' | 'margins'>,
  slopes: Float64Array,
): Promise<Float64Array> {
  const solve = await ridgeSolver(runtime, kernel)
  const { data } = await solve({ data: Float32Array.from(slopes), rows: 1, cols: slopes.length })
  return Float64Array.from(data, (x, k) => x * margins[k])
}

/** Rows of one length: what follows a text does not change what the model computes for the text. */
export function padded(texts: readonly Transcript[]): TokenBatch {
  const length = Math.max(...texts.map(({ ids }) => ids.length))
  const ids = new Int32Array(texts.length * length)
  for (const [r, text] of texts.entries()) ids.set(text.ids, r * length)
  return { ids, rows: texts.length, length }
}

/** Uᵀ(e_x − p) / rms for every answer token x, [n, d]; with a cap, each logit's part times `capSlope`. */
async function headGradient(
  { matmul }: FingerprintRuntime,
  head: HeadMetric['head'],
  residuals: Matrix,
  tokens: readonly number[],
): Promise<Matrix> {
  const surprise = await logitsAt(matmul, head, normalized(residuals, head))
  for (let i = 0; i < surprise.rows; i++) {
    const values = row(surprise, i)
    const slopes = values.map((logit) => capSlope(head, logit))
    minusSoftmax(values)
    values[tokens[i]] += 1
    for (let v = 0; v < values.length; v++) values[v] *= slopes[v]
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
