import type { FingerprintRuntime, Matmul, Matrix, RunOptions, TokenBatch } from '../../inference/runtime'
import type { Preparation } from '../format/preparation'
import type { Head } from '../head/head'
import { row, takeRows, zeros } from '../linear/matrix'
import { type Square, square } from '../linear/square'
import { robustDeviation, robustResiduals } from '../stats/least-squares'
import { decorrelate } from './decorrelate'
import { type Predictions, predictions, type TokenAt } from './predictions'

/** Tokens and the log probabilities that a model showed for them at one position, nats. */
export type TokenLogprobs = readonly (readonly [token: number, logprob: number])[]

/** Tokens as the model saw them; those from `from` ≥ 1 on are its answer. */
export type Transcript = {
  ids: ArrayLike<number>
  from: number
  /** For each token of the answer what the model showed there; empty where it showed nothing. */
  logprobs?: readonly TokenLogprobs[]
}

/** Sums over the tokens of texts from which the bits of their writer are estimated. They depend on no copy's bits. */
export type TextEvidence = {
  /** Σ over answer tokens of the derivatives of their log probabilities, [N]. */
  slopes: Float64Array
  /** The sums over log probabilities that were shown; null before any came. */
  shown: ShownEvidence | null
}

/**
 * The sums Σ a aᵀ [N, N] and Σ a y [N] over log probabilities, for least squares: y is a log probability's residual, see
 * `logprobResiduals`, and a [N] holds its derivatives along each α, both decorrelated.
 */
export type ShownEvidence = { squares: Square; products: Float64Array }

type Answer = { token: number; shown: TokenLogprobs }

const rowsAtOnce = 8
/** Positions whose logits are in memory at once, and how many logits. */
const most = { positions: 256, logits: 2 ** 25 }
/** Log probabilities that are read at a position. */
const mostShown = 20
/** Log probabilities below this mean nothing: some servers write −9999. */
const leastShown = -100
/** Residuals are clipped at this many standard deviations. */
const outlying = 1 / 2
export function noEvidence(keys: number): TextEvidence {
  return { slopes: new Float64Array(keys), shown: null }
}

/**
 * Adds to `evidence` what `texts` say, compared with the base, or with a reference (see `textReferences`) given by its
 * `edits` and `writing`, as if every edit reached the last residual unchanged. In closed form: token x at position t has
 * the derivative Uᵀ(e_x − p_t) / rms_t · moves_k · Σ_l z_t · solvers_lk along the α of key k.
 */
export async function addTexts(
  evidence: TextEvidence,
  runtime: FingerprintRuntime,
  head: Head,
  { layers, writing }: Pick<Preparation, 'layers' | 'writing'>,
  texts: readonly Transcript[],
  { edits, signal, onProgress }: RunOptions = {},
): Promise<void> {
  const { matmul, shape } = runtime
  const taps = layers.map((layer) => `zs.${layer}` as const)
  const inOrder = texts.toSorted((a, b) => a.ids.length - b.ids.length)
  const atOnce = Math.max(1, Math.min(most.positions, Math.floor(most.logits / shape.vocab)))
  for (let at = 0; at < inOrder.length; at += rowsAtOnce) {
    const part = inOrder.slice(at, at + rowsAtOnce)
    const batch = padded(part)
    const out = await runtime.run(batch, ['residuals', ...taps], { edits, signal })
    const answers = part.flatMap((text, r) => answersOf(text, r * batch.length))
    for (let from = 0; from < answers.length; from += atOnce) {
      const some = answers.slice(from, from + atOnce)
      const ends = some.map(({ end }) => end)
      const overlap = zeros(ends.length, evidence.slopes.length)
      for (const [i, tap] of taps.entries()) {
        const { data } = await matmul(takeRows(out[tap], ends), writing.solvers[i], 'b')
        for (let j = 0; j < data.length; j++) overlap.data[j] += data[j]
      }
      const expected = await predictions(matmul, head, takeRows(out.residuals, ends))
      const derivatives = async (gradients: Matrix, places: readonly TokenAt[]) => {
        const along = await matmul(gradients, writing.moves, 'b')
        for (const [i, { at }] of places.entries()) multiply(row(along, i), row(overlap, at))
        return along
      }
      await addAnswers(evidence, matmul, expected, derivatives, some)
    }
    onProgress?.(Math.min(at + rowsAtOnce, texts.length), texts.length)
  }
}

/** The tokens of an answer, and where in a batch the model predicted them. */
function answersOf({ ids, from, logprobs }: Transcript, start: number): (Answer & { end: number })[] {
  return Array.from({ length: ids.length - from }, (_, i) => ({
    token: ids[from + i],
    end: start + from + i - 1,
    shown: (logprobs?.[i] ?? []).filter(([, logprob]) => logprob >= leastShown && logprob <= 0).slice(0, mostShown),
  }))
}

/** `derivatives` makes of gradients along last residuals at some places, [n, d], derivatives along each α, [n, N]. */
async function addAnswers(
  evidence: TextEvidence,
  matmul: Matmul,
  expected: Predictions,
  derivatives: (gradients: Matrix, places: readonly TokenAt[]) => Promise<Matrix>,
  answers: readonly Answer[],
): Promise<void> {
  const { slopes } = evidence
  const written = answers.map(({ token }, at) => ({ at, token }))
  const own = await derivatives(expected.gradients(written), written)
  for (let i = 0; i < own.rows; i++) add(slopes, row(own, i))
  const shown = answers.flatMap(({ shown }, at) => shown.map(([token, logprob]) => ({ at, token, logprob })))
  if (shown.length === 0) return
  const gradients = expected.gradients(shown)
  const residuals = logprobResiduals(expected, shown)
  decorrelate(
    gradients,
    residuals,
    shown.map(({ at }) => at),
  )
  const rows = await derivatives(gradients, shown)
  evidence.shown ??= { squares: square(slopes.length), products: new Float64Array(slopes.length) }
  const { squares, products } = evidence.shown
  add(squares.data, (await matmul(rows, rows, 'a')).data)
  const sizes = residuals.map((_, i) => Math.sqrt(row(rows, i).reduce((sum, x) => sum + x * x, 0)))
  // Bits move a residual in proportion to its derivative; what is moved further has other reasons.
  const limit = outlying * robustDeviation(residuals.map((residual, i) => (sizes[i] > 0 ? residual / sizes[i] : 0)))
  for (const [i, residual] of residuals.entries()) {
    const most = limit * sizes[i]
    add(products, row(rows, i), Math.max(-most, Math.min(most, residual)))
  }
}

/**
 * The residuals of shown log probabilities, nats: their differences from the expected ones, after a robust regression of
 * these differences on a constant, the expected log probability and the entropy. A temperature adds a multiple of the last
 * two's sum, to first order.
 */
function logprobResiduals(expected: Predictions, shown: readonly (TokenAt & { logprob: number })[]): Float64Array {
  const logprobs = shown.map(expected.logprob)
  return robustResiduals(
    Float64Array.from(shown, ({ logprob }, i) => logprob - logprobs[i]),
    (i) => [1, logprobs[i], expected.entropy(shown[i].at)],
  )
}

function add(sum: Float64Array, values: Float32Array, factor = 1): void {
  for (let k = 0; k < sum.length; k++) sum[k] += factor * values[k]
}

function multiply(values: Float32Array, factors: Float32Array): void {
  for (let k = 0; k < values.length; k++) values[k] *= factors[k]
}

/** Rows of one length: what follows a text does not change what the model computes for the text. */
export function padded(texts: readonly Transcript[]): TokenBatch {
  const length = Math.max(...texts.map(({ ids }) => ids.length))
  const ids = new Int32Array(texts.length * length)
  for (const [r, text] of texts.entries()) ids.set(text.ids, r * length)
  return { ids, rows: texts.length, length }
}
