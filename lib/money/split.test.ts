import fc from 'fast-check'
import { expect, test } from 'vitest'
import { partDown, partUp, sharesBps, splitDown, totalBps } from './split'

const cuts = { protocolBps: 250, proverBps: 250, minterBps: 500 }

test('behavior: the parts of a split add up to the payment', () => {
  const ancestor = fc.record({ id: fc.nat(), royaltyBps: fc.nat(312) })
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.array(ancestor, { maxLength: 16 }), (amount, lineage) => {
      const split = splitDown(amount, cuts, lineage)
      const sum = split.protocol + split.provers + split.minter + split.shares + split.dust
      expect(split.ancestors.reduce((total, { amount }) => total + amount, sum)).toBe(amount)
      expect(split.dust).toBeLessThanOrEqual(BigInt(lineage.length) + 1n)
    }),
  )
})

test('default: a sale for 100 USDC of a model whose parent asks 20 % and whose grandparent asks 10 %', () => {
  const split = splitDown(100_000_000n, cuts, [
    { id: 'grandparent', royaltyBps: 1000 },
    { id: 'parent', royaltyBps: 2000 },
  ])
  expect(split).toEqual({
    protocol: 2_500_000n,
    provers: 2_500_000n,
    minter: 5_000_000n,
    ancestors: [
      { id: 'grandparent', amount: 9_000_000n },
      { id: 'parent', amount: 18_000_000n },
    ],
    entered: [],
    shares: 63_000_000n,
    dust: 0n,
  })
})

test('behavior: entered ancestors divide at most what the lineage leaves, and nothing is lost', () => {
  const ancestor = (most: number) => fc.record({ id: fc.nat(), royaltyBps: fc.nat(most) })
  const lineages = fc.array(ancestor(312), { maxLength: 16 })
  const amounts = fc.bigInt({ min: 0n, max: 10n ** 20n })
  fc.assert(
    fc.property(amounts, lineages, fc.array(ancestor(5000), { maxLength: 4 }), (amount, lineage, entered) => {
      const split = splitDown(amount, cuts, lineage, entered)
      expect(split.ancestors).toEqual(splitDown(amount, cuts, lineage).ancestors)
      const rest = amount - split.protocol - split.provers - split.minter
      const sum = [...split.ancestors, ...split.entered].reduce((total, part) => total + part.amount, split.shares)
      expect(sum + split.dust).toBe(rest)
      for (const [i, { amount }] of split.entered.entries())
        expect(amount).toBeLessThanOrEqual(partDown(rest, entered[i].royaltyBps))
    }),
  )
  const split = splitDown(
    100_000_000n,
    cuts,
    [],
    [
      { id: 'one', royaltyBps: 5000 },
      { id: 'two', royaltyBps: 5000 },
      { id: 'three', royaltyBps: 5000 },
    ],
  )
  expect(split.entered.map(({ amount }) => amount)).toEqual([30_000_000n, 30_000_000n, 30_000_000n])
  expect(split.shares).toBe(0n)
})

test('behavior: royalties are rounded down, floors up, and shareholders have what ancestors leave', () => {
  expect(partDown(9_999n, 1)).toBe(0n)
  expect(partDown(10_001n, 9_999)).toBe(9_999n)
  expect([partUp(0n, 5_000), partUp(1n, 1), partUp(10_000n, 1), partUp(10_001n, 1)]).toEqual([0n, 1n, 1n, 2n])
  expect(sharesBps([])).toBe(10_000)
  expect(totalBps([{ royaltyBps: 1_000 }, { royaltyBps: 500 }])).toBe(1_500)
  expect(sharesBps([{ royaltyBps: 1_000 }, { royaltyBps: 500 }])).toBe(8_500)
})
