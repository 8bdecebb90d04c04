import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Matrix } from '../../inference/runtime'
import { transpose } from '../linear/matrix'
import { product } from '../linear/product'
import { gaussian, seededRandom } from '../stats/random'
import { pickByLeverage } from './leverage'

function normal(rows: number, cols: number, seed: number): Matrix {
  const random = seededRandom(new Uint8Array(16).fill(seed))
  return { data: Float32Array.from({ length: rows * cols }, () => gaussian(random)), rows, cols }
}

const seeds = fc.integer({ min: 1, max: 200 })

test('behavior: picks different rows, and no two in the same direction', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const few = normal(3, 8, seed)
      const twice = product({ data: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 2, 0, 0), rows: 4, cols: 3 }, few)
      const picked = pickByLeverage({ ...twice, data: twice.data.slice() }, new Float64Array(4).fill(1), 3)
      expect(new Set(picked).size).toBe(3)
      expect(picked.includes(0) && picked.includes(3)).toBe(false)
      expect(transpose(transpose(twice))).toEqual(twice)
    }),
    { numRuns: 20 },
  )
})

test('behavior: a row that costs more is picked later', () => {
  const rows = { data: Float32Array.of(2, 0, 0, 1), rows: 2, cols: 2 }
  const picked = (...costs: number[]) =>
    pickByLeverage({ ...rows, data: rows.data.slice() }, Float64Array.from(costs), 2)
  expect(picked(1, 1)).toEqual([0, 1])
  expect(picked(8, 1)).toEqual([1, 0])
})
