import { expect, test } from 'vitest'
import { parseRange } from './range'

test.each([
  [null, null],
  ['bytes=0-', { from: 0, to: 100 }],
  ['bytes=10-19', { from: 10, to: 20 }],
  ['bytes=90-500', { from: 90, to: 100 }],
  ['bytes=-10', { from: 90, to: 100 }],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=20-10', null],
  ['bytes=0-1,5-6', null],
  ['rows=1-2', null],
])('behavior: range “%s” of 100 bytes', (header, range) => {
  expect(parseRange(header, 100)).toEqual(range)
})
