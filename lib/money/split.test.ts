import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitDown } from './split'

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

test('default: a sale for 100 USDC of a model that owes its parent 10 %', () => {
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
