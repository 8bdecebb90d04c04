import { expect, test } from 'vitest'
import { batchOf, sliceBatch, takeBatch, tokensOf } from './batch'

const batch = batchOf([
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
])

test('default: rows in one array, and back', () => {
  expect(batch).toEqual({ ids: Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), rows: 3, length: 3 })
  expect([...tokensOf(batch, 1)]).toEqual([4, 5, 6])
  expect(batchOf([])).toEqual({ ids: new Int32Array(0), rows: 0, length: 0 })
})

test('default: some rows, and the beginning of every row', () => {
  expect(sliceBatch(batch, 1, 9)).toEqual(
    batchOf([
      [4, 5, 6],
      [7, 8, 9],
    ]),
  )
  expect(takeBatch(batch, [2, 0])).toEqual(
    batchOf([
      [7, 8, 9],
      [1, 2, 3],
    ]),
  )
})
