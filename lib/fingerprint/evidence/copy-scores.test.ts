import { expect, test } from 'vitest'
import { seededRandom } from '../stats/random'
import { bitTable, copyScores, scoreOf } from './copy-scores'

const random = seededRandom(new Uint8Array(16).fill(44))

test.each([1, 7, 8, 9, 150])('behavior: every copy’s score is that of the copy alone, with %i keys', (keys) => {
  const rows = Array.from({ length: 40 }, () => Int8Array.from({ length: keys }, () => (random() < 0.5 ? 1 : -1)))
  const table = bitTable(rows, keys)
  const g = Float64Array.from({ length: keys }, () => Math.round(99 * random()) - 50)
  expect([...copyScores(table, g)]).toEqual(rows.map((_, copy) => scoreOf(table, copy, g)))
})
