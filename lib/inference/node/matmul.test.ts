import { expect, test } from 'vitest'
import { kinmarkError } from '../../../test/fixtures/kinmark-error'
import type { Matrix } from '../runtime'
import { openMatmul } from './matmul'

const matrix = (rows: number, cols: number, seed: number): Matrix => ({
  data: Float32Array.from({ length: rows * cols }, (_, i) => ((i * 7 + seed) % 11) - 5),
  rows,
  cols,
})
const transposed = ({ data, rows, cols }: Matrix): Matrix => ({
  data: Float32Array.from(data, (_, i) => data[(i % rows) * cols + Math.floor(i / rows)]),
  rows: cols,
  cols: rows,
})

test('default: the same product whichever operand is given transposed', async () => {
  const { matmul, close } = openMatmul(1)
  const [a, b] = [matrix(3, 5, 1), matrix(5, 4, 2)]
  const product = await matmul(a, b)
  const naive = Array.from({ length: 12 }, (_, i) => {
    const [row, col] = [Math.floor(i / 4), i % 4]
    return Array.from({ length: 5 }, (_, t) => a.data[row * 5 + t] * b.data[t * 4 + col]).reduce((x, y) => x + y, 0)
  })
  expect([...product.data]).toEqual(naive)
  expect(product).toMatchObject({ rows: 3, cols: 4 })
  expect(await matmul(transposed(a), b, 'a')).toEqual(product)
  expect(await matmul(a, transposed(b), 'b')).toEqual(product)
  const view = { data: a.data.subarray(5, 10), rows: 1, cols: 5 }
  expect([...(await matmul(view, b)).data]).toEqual(naive.slice(4, 8))
  await close()
})

test('error: operands of different inner sizes', async () => {
  const { matmul, close } = openMatmul(1)
  await expect(matmul(matrix(2, 3, 1), matrix(2, 3, 1))).rejects.toThrow(
    kinmarkError('inference.product-mismatch', { left: 3, right: 2 }),
  )
  await close()
})
