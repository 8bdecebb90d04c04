import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatUsdc } from '../format/amounts'
import { parseUsdc } from '../format/parse-usdc'
import { splitDown } from './split'

test('default: what is formatted parses back to the unit', () => {
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
])('behavior: %s units read %s', (amount, text) => {
  expect(formatUsdc(amount)).toBe(text)
})

test.each(['', '-1', '1e6', '1.0000001', '0x10', '1,000'])('error: “%s” is refused', (text) => {
  expect(() => parseUsdc(text)).toThrow(expect.objectContaining({ code: 'form.usdc-invalid', facts: { text } }))
})

test('behavior: the parts of a split add up to the payment', () => {
  const edge = fc.record({ parent: fc.nat(), royaltyBps: fc.bigInt({ min: 0n, max: 625n }) })
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.array(edge, { maxLength: 8 }), (amount, parents) => {
      const split = splitDown(amount, { protocolBps: 250n, proverBps: 250n, minterBps: 500n }, parents)
      const sum = split.protocol + split.provers + split.minter + split.shares + split.dust
      expect(split.edges.reduce((total, { amount }) => total + amount, sum)).toBe(amount)
      expect(split.dust).toBeLessThanOrEqual(BigInt(parents.length) + 1n)
    }),
  )
})

test('behavior: a 100 USDC sale of a child that owes 10 %', () => {
  const split = splitDown(100_000_000n, { protocolBps: 250n, proverBps: 250n, minterBps: 500n }, [
    { parent: 'tiny', royaltyBps: 1000n },
  ])
  expect(split).toEqual({
    protocol: 2_500_000n,
    provers: 2_500_000n,
    minter: 5_000_000n,
    edges: [{ parent: 'tiny', amount: 9_000_000n }],
    shares: 81_000_000n,
    dust: 0n,
  })
})
