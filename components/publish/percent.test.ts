import { expect, test } from 'vitest'
import { parsePercent } from './percent'

test.each([
  ['10', 1000],
  ['12.5', 1250],
  ['0', 0],
  ['0.05', 5],
  ['50.', 5000],
])('default: “%s” is %i basis points', (text, bps) => {
  expect(parsePercent(text, 5000)).toBe(bps)
})

test.each(['', '-1', '1.005', '1e1', '51'])('error: “%s” is refused', (text) => {
  expect(() => parsePercent(text, 5000)).toThrow()
})
