import { expect, test } from 'vitest'
import { parseUsdc } from './parse-usdc'

test.each([
  ['12.5', 12_500_000n],
  [' 7 ', 7_000_000n],
  ['7.', 7_000_000n],
  ['0.000001', 1n],
])('default: “%s”', (text, amount) => {
  expect(parseUsdc(text)).toBe(amount)
})

test.each(['', '-1', '1e6', '1.0000001', '0x10', '1,000'])('error: “%s” is rejected', (text) => {
  expect(() => parseUsdc(text)).toThrow(expect.objectContaining({ code: 'form.usdc-invalid', facts: { text } }))
})
