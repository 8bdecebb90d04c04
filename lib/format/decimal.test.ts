import { expect, test } from 'vitest'
import { decimalText } from './decimal'

test.each([
  ['12.5', '12.5'],
  ['12,5', '12.5'],
  [' 0,05 ', '0.05'],
  ['١٢٫٥', '12.5'],
  ['۷', '7'],
  ['１２．５', '12.5'],
  ['12,345678', '12.345678'],
  ['0,123', '0.123'],
])('behavior: “%s” is %s', (text, plain) => {
  expect(decimalText(text)).toBe(plain)
})

test.each(['1,000', '25,000', '1,000.50', '1.000,50', '1,2,3', ',5', '12,'])(
  'error: “%s” stays as it is, because it may mean two things',
  (text) => {
    expect(decimalText(text)).toBe(text)
  },
)
