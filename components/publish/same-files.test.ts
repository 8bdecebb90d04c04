import { expect, test } from 'vitest'
import { sameFiles } from './same-files'

const a = { path: 'a', size: 1, sha256: '00' }
const b = { path: 'b', size: 2, sha256: '11' }

test('default: the order does not matter', () => {
  expect(sameFiles([a, b], [b, a])).toBe(true)
})

test.each([
  ['one is missing', [a]],
  ['one is another size', [a, { ...b, size: 3 }]],
  ['one has another hash', [a, { ...b, sha256: '22' }]],
  ['one stands twice', [a, a]],
])('behavior: not the same when %s', (_, files) => {
  expect(sameFiles([a, b], files)).toBe(false)
})
