import { expect, test } from 'vitest'
import type { Matmul, Matrix } from '../../inference/runtime'
import { transpose } from '../linear/matrix'
import { product, productTransposed } from '../linear/product'
import { gaussian, seededRandom } from '../stats/random'
import { carriedKeys, distinctKeys, leaningChances } from './carried-keys'
import { ridgeSolver } from './embed-ties'

const matmul: Matmul = async (a, b, how = 'none') =>
  how === 'a' ? product(transpose(a), b) : how === 'b' ? productTransposed(a, b) : product(a, b)

/** G of keys with these edits, [N, d]. */
const kernelOf = (edits: Matrix): Matrix => productTransposed(edits, edits)

function edits(count: number, alike: number): Matrix {
  const random = seededRandom(new Uint8Array(16).fill(1))
  const cols = 64
  const data = Float32Array.from({ length: count * cols }, () => gaussian(random))
  // The last keys are one edit and a little of their own.
  for (let i = count - alike; i < count; i++)
    for (let j = 0; j < cols; j++) data[i * cols + j] = data[(count - alike) * cols + j] + 0.1 * data[i * cols + j]
  return { data, rows: count, cols }
}

test('distinct keys: of keys that are alike one is taken, of others all', () => {
  const taken = distinctKeys(kernelOf(edits(20, 8)), 20)
  expect(taken.filter((k) => k < 12)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  expect(taken.filter((k) => k >= 12)).toHaveLength(1)
  expect(distinctKeys(kernelOf(edits(20, 8)), 5)).toHaveLength(5)
})

test('leaning chances: what copies with random bits do, by the kernel alone', async () => {
  const [count, margin] = [40, 1]
  const kernel = kernelOf(edits(count, 20))
  const random = seededRandom(new Uint8Array(16).fill(2))
  const gaps = Float64Array.from({ length: count }, () => random() / 2)
  const solve = await ridgeSolver({ matmul } as never, kernel)
  const chances = await leaningChances({ matmul }, { kernel, gaps, margin }, solve)
  const leaning = new Float64Array(count)
  const copies = 400
  for (let copy = 0; copy < copies; copy++) {
    const bits = gaps.map(() => (random() < 0.5 ? -1 : 1))
    let now = gaps
    for (let round = 0; round < 2; round++) {
      const missing = { data: Float32Array.from(now, (x, k) => bits[k] * margin - x), rows: 1, cols: count }
      const { data } = await matmul(await solve(missing), kernel)
      now = now.map((x, k) => x + data[k])
    }
    for (let k = 0; k < count; k++) leaning[k] += now[k] * bits[k] > 0 ? 1 / copies : 0
  }
  const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length
  expect(mean(leaning.subarray(0, 20))).toBeGreaterThan(0.98)
  expect(mean(leaning.subarray(20))).toBeLessThan(0.8)
  expect(Math.abs(mean(leaning.subarray(20)) - mean(chances.subarray(20)))).toBeLessThan(0.04)
  expect(Math.abs(mean(leaning) - mean(chances))).toBeLessThan(0.03)
})

test('carried keys: as many as lean surely enough together, and never fewer than asked', () => {
  const chances = Float64Array.of(0.6, 1, 0.9, 1, 0.5)
  expect(carriedKeys(chances, 0.5, 1)).toEqual([0, 1, 2, 3, 4])
  expect(carriedKeys(chances, 0.95, 1)).toEqual([1, 2, 3])
  expect(carriedKeys(chances, 0.99, 1)).toEqual([1, 3])
  expect(carriedKeys(chances, 1.1, 3)).toEqual([1, 2, 3])
})
