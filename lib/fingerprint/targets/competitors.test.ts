import { expect, test } from 'vitest'
import type { Matmul, Matrix } from '../../inference/runtime'
import { row } from '../linear/matrix'
import { product } from '../linear/product'
import { allCompetitors, logOdds, strongestCompetitor } from './competitors'

const matmul: Matmul = async (a, b) => product(a, b)
const head = { unembedding: { data: Float32Array.of(1, 0, 0, 1, 1, 1), rows: 3, cols: 2 }, epsilon: 1e-5 }
const logits = (): Matrix => ({ data: Float32Array.of(2, 1, 0), rows: 1, cols: 3 })
const weights = [2, 1, 0].map(Math.exp)

test('default: log odds are log p / (1 − p)', () => {
  const p = weights[1] / weights.reduce((a, b) => a + b)
  expect(logOdds(Float32Array.of(2, 1, 0), 1)).toBeCloseTo(Math.log(p / (1 - p)), 6)
})

test('behavior: log odds of very certain and very unlikely tokens stay finite', () => {
  expect(logOdds(Float32Array.of(1000, 0), 0)).toBe(1000)
  expect(logOdds(Float32Array.of(1000, 0), 1)).toBe(-1000)
})

test('default: the strongest competitor is the best other token', async () => {
  const { margins, mean } = await strongestCompetitor(matmul, head, logits(), [1])
  expect([...margins]).toEqual([-1])
  expect([...row(mean, 0)]).toEqual([1, 0])
})

test('default: all competitors are weighted by their probability', async () => {
  const { margins, mean } = await allCompetitors(matmul, head, logits(), [1])
  expect(margins[0]).toBeCloseTo(logOdds(logits().data, 1), 6)
  const others = weights[0] + weights[2]
  expect(mean.data[0]).toBeCloseTo((weights[0] + weights[2]) / others, 5)
  expect(mean.data[1]).toBeCloseTo(weights[2] / others, 5)
})
