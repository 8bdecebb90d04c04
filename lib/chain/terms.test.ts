import fc from 'fast-check'
import { expect, test } from 'vitest'
import { termsFromChain, termsToChain } from './terms'
import { termsHash } from './terms-hash'

const money = (bits: bigint) => fc.bigInt({ min: 0n, max: 2n ** bits - 1n })
const licence = fc.record({ derive: fc.boolean(), freeToDerive: fc.boolean(), commercial: fc.boolean() })
const terms = fc.record({
  price: money(64n),
  collateral: money(64n),
  fee: money(64n),
  royaltyBps: fc.nat(5000),
  floorBps: fc.nat(10_000),
  leakBps: fc.nat(10_000),
  licence,
})

test('default: converting there and back changes nothing', () => {
  fc.assert(
    fc.property(terms, (terms) => {
      expect(termsFromChain(termsToChain(terms))).toEqual(terms)
    }),
  )
})

test('behavior: different terms have different hashes', () => {
  fc.assert(
    fc.property(terms, terms, (a, b) => {
      expect(termsHash(a) === termsHash(b)).toBe(JSON.stringify(a, text) === JSON.stringify(b, text))
    }),
  )
})

const text = (_: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)
