import type { Edits, Matrix, Runtime, TokenBatch } from '../../inference/runtime'
import { row, rowsFrom } from '../linear/matrix'
import { expOfNegative } from '../stats/exp'
import { endsOf, type TextBase } from './check-base'

/** Rows whose logits are in memory at a time. */
const rowsAtOnce = 64

/** Mean −log p of the next token over a text, nats. */
export async function meanLoss(
  runtime: Runtime,
  text: TokenBatch,
  options: { edits?: Edits; signal?: AbortSignal } = {},
): Promise<number> {
  const { nll } = await runtime.run(text, ['nll'], options)
  return mean(nll.data)
}

/** Mean −log p of the next token over a text, and mean KL(base ‖ edited) at the positions of `TextBase`, nats, in one run. */
export async function textHarm(
  runtime: Runtime,
  text: TokenBatch,
  { below, ends }: TextBase,
  options: { edits: Edits; signal?: AbortSignal },
): Promise<{ loss: number; kl: number }> {
  const { nll, residuals } = await runtime.run(text, ['nll', 'residuals'], { ...options, states: below ?? undefined })
  const after = endsOf(residuals, text)
  let sum = 0
  for (let from = 0; from < ends.rows; from += rowsAtOnce) {
    const part = (m: Matrix) => logitsOf(runtime, rowsFrom(m, from, Math.min(ends.rows, from + rowsAtOnce)))
    const [base, edited] = [await part(ends), await part(after)]
    for (let i = 0; i < base.rows; i++) sum += divergence(base, edited, i)
  }
  return { loss: mean(nll.data), kl: sum / ends.rows }
}

/** The logits of last residuals, [n, vocab]. */
async function logitsOf({ run, shape }: Runtime, residuals: Matrix): Promise<Matrix> {
  const { rows } = residuals
  const states = { layer: shape.layers, states: residuals }
  return (await run({ ids: new Int32Array(rows), rows, length: 1 }, ['logits'], { states })).logits
}

const mean = (values: Float32Array) => values.reduce((sum, x) => sum + x, 0) / values.length

/** KL(base ‖ edited) of row i of the logits, nats. */
export function divergence(base: Matrix, edited: Matrix, i: number): number {
  const [p, q] = [row(base, i), row(edited, i)]
  const [pMost, qMost] = [largest(p), largest(q)]
  let [pSum, qSum, apart] = [0, 0, 0]
  for (let v = 0; v < p.length; v++) {
    const mass = expOfNegative(p[v] - pMost)
    pSum += mass
    qSum += expOfNegative(q[v] - qMost)
    apart += mass * (p[v] - q[v])
  }
  return apart / pSum - (pMost + Math.log(pSum)) + (qMost + Math.log(qSum))
}

/** log P(token) by row i of the logits. */
export function logChance(logits: Matrix, i: number, token: number): number {
  const values = row(logits, i)
  const most = largest(values)
  let sum = 0
  for (let v = 0; v < values.length; v++) sum += expOfNegative(values[v] - most)
  return values[token] - most - Math.log(sum)
}

function largest(values: Float32Array): number {
  let most = values[0]
  for (let v = 1; v < values.length; v++) if (values[v] > most) most = values[v]
  return most
}
