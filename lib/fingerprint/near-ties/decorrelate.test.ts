import { expect, test } from 'vitest'
import { row, zeros } from '../linear/matrix'
import { productTransposed } from '../linear/product'
import { gaussian, seededRandom } from '../stats/random'
import { decorrelate } from './decorrelate'

const random = seededRandom(new Uint8Array(16).fill(5))
const positions = [0, 0, 0, 2, 2, 5]
const made = () => {
  const gradients = zeros(positions.length, 4)
  for (let i = 0; i < gradients.data.length; i++) gradients.data[i] = gaussian(random)
  return gradients
}

test('default: noise in the last residual and of each log probability becomes independent, of variance 1', () => {
  const gradients = made()
  const own = gradients.data.reduce((sum, x) => sum + x * x, 0) / positions.length
  const draws = 20_000
  const squares = new Float64Array(positions.length ** 2)
  for (let draw = 0; draw < draws; draw++) {
    const moved = new Map(positions.map((at) => [at, Float32Array.from({ length: 4 }, () => gaussian(random))]))
    const residuals = Float64Array.from(positions, (at, i) => {
      const noise = Math.sqrt(own) * gaussian(random)
      return row(gradients, i).reduce((sum, x, j) => sum + x * moved.get(at)![j], noise)
    })
    decorrelate({ ...gradients, data: gradients.data.slice() }, residuals, positions)
    for (const [i, x] of residuals.entries())
      for (const [j, y] of residuals.entries()) squares[i * positions.length + j] += (x * y) / draws
  }
  for (const [i] of positions.entries())
    for (const [j] of positions.entries())
      expect(Math.abs(squares[i * positions.length + j] - (i === j ? 1 : 0))).toBeLessThan(0.06)
})

test('behavior: what a change of the last residual explains, it explains afterwards', () => {
  const gradients = made()
  const change = { data: Float32Array.from([0.5, -1, 2, 0.25]), rows: 1, cols: 4 }
  const residuals = Float64Array.from(productTransposed(gradients, change).data)
  decorrelate(gradients, residuals, positions)
  const explained = productTransposed(gradients, change).data
  for (const [i, residual] of residuals.entries()) expect(residual).toBeCloseTo(explained[i], 4)
})

test('edge: gradients of zero', () => {
  const gradients = zeros(2, 4)
  gradients.data[0] = 1
  const residuals = Float64Array.from([1, 2])
  decorrelate(gradients, residuals, [0, 1])
  expect(residuals.every(Number.isFinite)).toBe(true)
  expect(Array.from(row(gradients, 1))).toEqual([0, 0, 0, 0])
  const same = Float64Array.from([1, 2])
  decorrelate(zeros(2, 4), same, [0, 1])
  expect(Array.from(same)).toEqual([1, 2])
})
