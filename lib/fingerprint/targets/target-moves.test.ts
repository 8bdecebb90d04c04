import { expect, test } from 'vitest'
import type { Matmul, Matrix } from '../../inference/runtime'
import { cholesky, inverse } from '../linear/cholesky'
import { row, transpose, zeros } from '../linear/matrix'
import { product } from '../linear/product'
import { square } from '../linear/square'
import { gaussian, seededRandom } from '../stats/random'
import { logOdds } from './competitors'
import { rms } from './head'
import { type HeadMetric, targetMoves } from './target-moves'

const matmul: Matmul = async (a, b, side) => product(side === 'a' ? transpose(a) : a, side === 'b' ? transpose(b) : b)

function normal(rows: number, cols: number, seed: number): Matrix {
  const random = seededRandom(new Uint8Array(16).fill(seed))
  return { data: Float32Array.from({ length: rows * cols }, () => gaussian(random)), rows, cols }
}

const [hidden, vocab, keys] = [64, 40, 12]
const curvature = square(hidden)
for (let i = 0; i < hidden; i++) curvature.data[i * hidden + i] = 1 + i
const metric: HeadMetric = {
  matmul,
  head: { unembedding: normal(vocab, hidden, 1), epsilon: 1e-5 },
  inverseCurvature: inverse(cholesky(curvature)),
}

test('default: moved residuals answer with the target log odds', async () => {
  const residuals = normal(keys, hidden, 2)
  const responses = Uint32Array.from({ length: keys }, (_, i) => (7 * i) % vocab)
  const targets = Float64Array.from({ length: keys }, (_, i) => (i % 2 === 0 ? 0.6 : 2))
  const moves = await targetMoves(metric, residuals, responses, targets)
  const moved = zeros(keys, hidden)
  for (let i = 0; i < keys; i++) {
    const x = row(residuals, i).map((value, j) => value + row(moves, i)[j])
    row(moved, i).set(x.map((value) => value / rms(x, 1e-5)))
  }
  const logits = await matmul(moved, metric.head.unembedding, 'b')
  for (let i = 0; i < keys; i++) expect(logOdds(row(logits, i), responses[i])).toBeGreaterThan(targets[i] - 0.01)
  for (let i = 0; i < keys; i++) expect(logOdds(row(logits, i), responses[i])).toBeLessThan(targets[i] + 1)
})

test('behavior: a move to an unreachable target is at most as long as the residual', async () => {
  const residuals = normal(keys, hidden, 3)
  const moves = await targetMoves(metric, residuals, new Uint32Array(keys), new Float64Array(keys).fill(500))
  for (let i = 0; i < keys; i++) {
    const [move, length] = [row(moves, i), Math.hypot(...row(residuals, i))]
    expect(Math.hypot(...move)).toBeLessThanOrEqual(length * 1.0001)
  }
})
