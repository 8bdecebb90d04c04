import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Matrix } from '../../inference/runtime'
import { cholesky, solveCholesky, solveLower } from './cholesky'
import { argmax, row, transpose } from './matrix'
import { product, productTransposed } from './product'
import { matrixTrace, withRidge } from './square'

const value = fc.double({ min: -4, max: 4, noNaN: true })
const matrix = (rows: number, cols: number): fc.Arbitrary<Matrix> =>
  fc
    .array(value, { minLength: rows * cols, maxLength: rows * cols })
    .map((values) => ({ data: Float32Array.from(values), rows, cols }))
const side = fc.integer({ min: 1, max: 11 })

function naive(a: Matrix, b: Matrix): number[] {
  const out: number[] = []
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < b.rows; j++) out.push(row(a, i).reduce((sum, x, t) => sum + x * row(b, j)[t], 0))
  return out
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, digits = 3) {
  expect(actual.length).toBe(expected.length)
  for (let i = 0; i < actual.length; i++) expect(actual[i]).toBeCloseTo(expected[i], digits)
}

test('default: a product of any shape equals the naive one', () => {
  const pair = fc.tuple(side, side, side).chain(([m, n, k]) => fc.tuple(matrix(m, k), matrix(n, k)))
  fc.assert(
    fc.property(pair, ([a, b]) => {
      expectClose(productTransposed(a, b).data, naive(a, b))
      expectClose(product(a, transpose(b)).data, naive(a, b))
    }),
  )
})

test('behavior: Cholesky solves rows · a⁻¹', () => {
  const tall = fc.tuple(side, side).chain(([n, d]) => fc.tuple(matrix(n + d, d), matrix(3, d)))
  fc.assert(
    fc.property(tall, ([z, rows]) => {
      const gram = { data: Float64Array.from(naive(transpose(z), transpose(z))), size: z.cols }
      const a = withRidge(gram, 1, 1)
      expect(matrixTrace(a)).toBeCloseTo(matrixTrace(gram) + z.cols, 6)
      const lower = cholesky(a)
      const asMatrix = (s: { data: Float64Array; size: number }) => ({
        data: Float32Array.from(s.data),
        rows: s.size,
        cols: s.size,
      })
      expectClose(productTransposed(solveCholesky(lower, rows), asMatrix(a)).data, rows.data, 2)
      expectClose(productTransposed(solveLower(lower, rows), asMatrix(lower)).data, rows.data, 2)
    }),
  )
})

test('error: a matrix that is not positive definite names its pivot', () => {
  expect(() => cholesky({ data: Float64Array.of(1, 2, 2, 1), size: 2 })).toThrow(
    expect.objectContaining({ code: 'fingerprint.not-positive-definite', facts: { size: 2, pivot: 1, value: -3 } }),
  )
})

test('behavior: argmax of equal values is the first', () => {
  expect(argmax([1, 3, 3, 2])).toBe(1)
})
