import type { Matmul, Matrix } from '../../inference/runtime'
import { argmax, row, zeros } from '../linear/matrix'
import type { Head } from './head'

/** Per row, the response’s margin over its competitors in nats, [n], and the competitors’ mean unembedding, [n, d]. */
type Competitors = { margins: Float64Array; mean: Matrix }

export type MarginRule = (
  matmul: Matmul,
  head: Head,
  logits: Matrix,
  responses: ArrayLike<number>,
) => Promise<Competitors>

/** The only competitor is the strongest other token. Overwrites `logits`. */
export const strongestCompetitor: MarginRule = async (_, { unembedding }, logits, responses) => {
  const margins = new Float64Array(logits.rows)
  const mean = zeros(logits.rows, unembedding.cols)
  for (let i = 0; i < logits.rows; i++) {
    const values = row(logits, i)
    const own = values[responses[i]]
    values[responses[i]] = Number.NEGATIVE_INFINITY
    const competitor = argmax(values)
    margins[i] = own - values[competitor]
    row(mean, i).set(row(unembedding, competitor))
  }
  return { margins, mean }
}

/** Competitors are all other tokens, weighted by probability: the margin is the response’s log odds. Overwrites `logits`. */
export const allCompetitors: MarginRule = async (matmul, { unembedding }, logits, responses) => {
  const margins = new Float64Array(logits.rows)
  for (let i = 0; i < logits.rows; i++) {
    const values = row(logits, i)
    margins[i] = logOdds(values, responses[i])
    const own = values[responses[i]]
    values[responses[i]] = Number.NEGATIVE_INFINITY
    for (let v = 0; v < values.length; v++) values[v] = Math.exp(values[v] - (own - margins[i]))
  }
  return { margins, mean: await matmul(logits, unembedding) }
}

/** log p / (1 − p) of one token. */
export function logOdds(logits: Float32Array, token: number): number {
  let largest = Number.NEGATIVE_INFINITY
  for (let v = 0; v < logits.length; v++) if (v !== token && logits[v] > largest) largest = logits[v]
  let sum = 0
  for (let v = 0; v < logits.length; v++) if (v !== token) sum += Math.exp(logits[v] - largest)
  return logits[token] - largest - Math.log(sum)
}
