import { afterAll, expect, test } from 'vitest'
import { openMatmul } from '../../inference/node/matmul'
import type { Matrix } from '../../inference/runtime'
import { gaussian, seededRandom } from '../stats/random'
import { cholesky, solveCholesky, solveLower } from './cholesky'
import { factor } from './factor'
import { transpose } from './matrix'
import { productTransposed } from './product'
import { withRidge } from './square'

const { matmul, close } = openMatmul(1)
afterAll(close)

function normal(rows: number, cols: number, seed: number): Matrix {
  const random = seededRandom(new Uint8Array(16).fill(seed))
  return { data: Float32Array.from({ length: rows * cols }, () => gaussian(random)), rows, cols }
}

function relativeError(a: Matrix, b: Matrix): number {
  const [squaredError, length] = [
    a.data.reduce((sum, x, i) => sum + (x - b.data[i]) ** 2, 0),
    b.data.reduce((s, x) => s + x * x, 0),
  ]
  return Math.sqrt(squaredError / length)
}

test('default: blocks give the result of double precision, for features of very different sizes', async () => {
  const size = 700
  const z = normal(900, size, 1)
  for (let i = 0; i < z.data.length; i++) z.data[i] *= i % size === 3 ? 1000 : 1
  const { data } = productTransposed(transpose(z), transpose(z))
  const gram = { data: Float64Array.from(data, (x) => x / 900), size }
  const rows = normal(5, size, 2)
  const { whole, lower } = await factor(matmul, gram, 2, 0.5)
  const exact = cholesky(withRidge(gram, 2, 0.5))
  expect(relativeError(await whole({ ...rows, data: rows.data.slice() }), solveCholesky(exact, rows))).toBeLessThan(
    2e-3,
  )
  const [white, exactWhite] = [await lower({ ...rows, data: rows.data.slice() }), solveLower(exact, rows)]
  expect(relativeError(white, exactWhite)).toBeLessThan(2e-3)
})

test('behavior: many rows of a small matrix are solved as each of them alone is', async () => {
  const size = 64
  const z = normal(200, size, 3)
  const gram = { data: Float64Array.from(productTransposed(transpose(z), transpose(z)).data), size }
  const rows = normal(40, size, 4)
  const one = { data: rows.data.slice(0, size), rows: 1, cols: size }
  const [alone, together] = [await factor(matmul, gram, 1, 2), await factor(matmul, gram, 1, 2)]
  for (const side of ['whole', 'lower'] as const) {
    const { data } = await together[side](rows)
    expect(relativeError({ ...one, data: data.slice(0, size) }, await alone[side](one))).toBeLessThan(1e-5)
  }
})
