import type { Matmul, Matrix } from '../../inference/runtime'
import { argmax, row, zeros } from '../linear/matrix'
import type { Head } from './head'

/** Per row, by how many nats the response leads what it is set against, and the mean unembedding of that, [n, d]. */
type Rivals = { leads: Float64Array; mean: Matrix }

export type SetAgainst = (matmul: Matmul, head: Head, logits: Matrix, responses: ArrayLike<number>) => Promise<Rivals>

/** Against the strongest other token: the lead is the margin by which the response wins. Spoils `logits`. */
export const strongestRival: SetAgainst = async (_, { unembedding }, logits, responses) => {
  const leads = new Float64Array(logits.rows)
  const mean = zeros(logits.rows, unembedding.cols)
  for (let i = 0; i < logits.rows; i++) {
    const values = row(logits, i)
    const mine = values[responses[i]]
    values[responses[i]] = Number.NEGATIVE_INFINITY
    const rival = argmax(values)
    leads[i] = mine - values[rival]
    row(mean, i).set(row(unembedding, rival))
  }
  return { leads, mean }
}

/** Against all other tokens, each by its chance: the lead is the response's log odds. Spoils `logits`. */
export const allRivals: SetAgainst = async (matmul, { unembedding }, logits, responses) => {
  const leads = new Float64Array(logits.rows)
  for (let i = 0; i < logits.rows; i++) {
    const values = row(logits, i)
    leads[i] = logOdds(values, responses[i])
    const mine = values[responses[i]]
    values[responses[i]] = Number.NEGATIVE_INFINITY
    for (let v = 0; v < values.length; v++) values[v] = Math.exp(values[v] - (mine - leads[i]))
  }
  return { leads, mean: await matmul(logits, unembedding) }
}

/** log p / (1 − p) of one token. */
export function logOdds(logits: Float32Array, token: number): number {
  let largest = Number.NEGATIVE_INFINITY
  for (let v = 0; v < logits.length; v++) if (v !== token && logits[v] > largest) largest = logits[v]
  let sum = 0
  for (let v = 0; v < logits.length; v++) if (v !== token) sum += Math.exp(logits[v] - largest)
  return logits[token] - largest - Math.log(sum)
}
