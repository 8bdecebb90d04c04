import { expect, test } from 'vitest'
import { divergence, logChance } from './quality-loss'

const chances = [
  [0.5, 0.25, 0.25],
  [0.1, 0.2, 0.7],
]
/** Logits are known but for a constant. */
const logits = (rows: number[][], constant: number) => ({
  data: Float32Array.from(rows.flat(), (p) => Math.log(p) + constant),
  rows: rows.length,
  cols: 3,
})

test('default: the divergence of two distributions, whatever constant their logits have', () => {
  const exact = (p: number[], q: number[]) => p.reduce((sum, x, v) => sum + x * Math.log(x / q[v]), 0)
  const [base, edited] = [logits(chances, 90), logits([...chances].reverse(), -3)]
  for (const i of [0, 1]) expect(divergence(base, edited, i)).toBeCloseTo(exact(chances[i], chances[1 - i]), 4)
  expect(divergence(base, base, 0)).toBeCloseTo(0, 6)
})

test('default: the log of a token’s chance', () => {
  expect(logChance(logits(chances, 90), 1, 2)).toBeCloseTo(Math.log(0.7), 4)
})
