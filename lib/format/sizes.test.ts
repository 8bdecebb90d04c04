import { expect, test } from 'vitest'
import { formatBytes, formatCount } from './sizes'

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [3_939_992, '3.9 MB'],
  [1.5e12, '1.5 TB'],
])('default: %i bytes as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test('default: counts with three digits', () => {
  expect([formatCount(999), formatCount(1_968_960)]).toEqual(['999', '1.97M'])
})
