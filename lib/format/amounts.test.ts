import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatUsdc } from './amounts'
import { parseUsdc } from './parse-usdc'

test('default: a formatted amount parses to the same amount', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 20n }),
      (amount) => parseUsdc(formatUsdc(amount).replaceAll(',', '')) === amount,
    ),
  )
})

test.each([
  [0n, '0.00'],
  [1n, '0.000001'],
  [12_500_000n, '12.50'],
  [1_234_567_890_000n, '1,234,567.89'],
  [-40_000_000n, '−40.00'],
])('behavior: %s units as %s', (amount, text) => {
  expect(formatUsdc(amount)).toBe(text)
})
