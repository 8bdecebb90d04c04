import { expect, test } from 'vitest'
import { formatRate, formatShares, formatSigned } from './numbers'

test.each([
  [0.5, '+0.500'],
  [0, '+0.000'],
  [-0.0126, '−0.013'],
])('default: %d with its sign as %s', (value, text) => {
  expect(formatSigned(value, 3)).toBe(text)
})

test('default: rates and shares', () => {
  expect(formatRate(4.24)).toBe('4.2')
  expect(formatRate(12.3)).toBe('12')
  expect(formatShares(10n ** 24n)).toBe('1,000,000')
})
