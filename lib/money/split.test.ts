import fc from 'fast-check'
import { expect, test } from 'vitest'
import { partDown, sharesBps, splitDown } from './split'

test('behavior: the parts of a split add up to the payment', () => {
  const edge = fc.record({ parent: fc.nat(), royaltyBps: fc.nat(625) })
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.array(edge, { maxLength: 8 }), (amount, parents) => {
      const split = splitDown(amount, { protocolBps: 250, proverBps: 250, minterBps: 500 }, parents)
      const sum = split.protocol + split.provers + split.minter + split.shares + split.dust
      expect(split.edges.reduce((total, { amount }) => total + amount, sum)).toBe(amount)
      expect(split.dust).toBeLessThanOrEqual(BigInt(parents.length) + 1n)
    }),
  )
})

test('default: a sale for 100 USDC of a model that owes its parent 10 %', () => {
  const split = splitDown(100_000_000n, { protocolBps: 250, proverBps: 250, minterBps: 500 }, [
    { parent: 'tiny', royaltyBps: 1000 },
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

test('behavior: a part is rounded down, and shareholders have what parents leave', () => {
  expect(partDown(9_999n, 1)).toBe(0n)
  expect(partDown(10_001n, 9_999)).toBe(9_999n)
  expect(sharesBps([])).toBe(10_000)
  expect(sharesBps([{ royaltyBps: 1_000 }, { royaltyBps: 500 }])).toBe(8_500)
})
