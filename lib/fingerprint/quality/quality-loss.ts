import type { Edits, Matrix, Runtime, TokenBatch } from '../../inference/runtime'
import { cutBatch } from '../keys/batch'
import { runInParts } from '../keys/run-in-parts'
import { row } from '../linear/matrix'
import { expOfNegative } from '../stats/exp'

/** Positions at which distributions are compared, as shares of a row’s length. */
const positions = [1 / 2, 1]

/** Mean −log p of the next token over a text, nats. */
export async function meanLoss(
  runtime: Runtime,
  text: TokenBatch,
  options: { edits?: Edits; signal?: AbortSignal } = {},
): Promise<number> {
  const { nll } = await runtime.run(text, ['nll'], options)
  return nll.data.reduce((sum, x) => sum + x, 0) / nll.data.length
}

/** Mean KL(base ‖ edited) of the next token, nats, at two positions of every row. */
export async function meanDivergence(
  runtime: Runtime,
  text: TokenBatch,
  options: { edits: Edits; signal?: AbortSignal },
): Promise<number> {
  let [sum, count] = [0, 0]
  for (const position of positions) {
    const batch = cutBatch(text, Math.max(1, Math.round(position * text.length)))
    for await (const { part, out } of runInParts(runtime, batch, ['logits'], { signal: options.signal })) {
      const edited = await runtime.run(part, ['logits'], options)
      for (let i = 0; i < part.rows; i++) sum += divergence(out.logits, edited.logits, i)
      count += part.rows
    }
  }
  return sum / count
}

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
