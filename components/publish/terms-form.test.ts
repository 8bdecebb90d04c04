import { expect, test } from 'vitest'
import { inherit } from '@/lib/chain/obligations'
import { defaultTerms, readTerms } from './terms-form'

const none = inherit([])

test('default: valid input becomes terms, exact to the unit', () => {
  expect(readTerms({ ...defaultTerms, price: '40.000001' }, none)).toEqual({
    terms: {
      price: 40_000_001n,
      collateral: 50_000_000n,
      fee: 1_000_000n,
      royaltyBps: 1000,
      floorBps: 0,
      leakBps: 5000,
      licence: { derive: true, freeToDerive: true, commercial: true },
    },
  })
})

test('error: each invalid field has its own error', () => {
  expect(readTerms({ ...defaultTerms, price: 'free', royalty: '60' }, none)).toMatchObject({
    errors: {
      price: { code: 'form.usdc-invalid', facts: { text: 'free' } },
      royalty: {
        code: 'form.percentage-above-max',
        facts: { bps: 6000, maxBps: 5000 },
        message: 'Enter at most 50 %, not 60 %.',
      },
    },
  })
})

test('behavior: a decimal comma is understood', () => {
  const read = readTerms({ ...defaultTerms, price: '12,5', royalty: '2,5' }, none)
  expect('terms' in read && read.terms).toMatchObject({ price: 12_500_000n, royaltyBps: 250 })
})

test('error: an amount that the contract cannot hold', () => {
  expect(readTerms({ ...defaultTerms, price: '99999999999999' }, none)).toMatchObject({
    errors: { price: { code: 'form.amount-above-max', facts: { max: 2n ** 64n - 1n } } },
  })
})

test('behavior: free to derive is off where deriving is not allowed', () => {
  const read = readTerms({ ...defaultTerms, derive: false }, none)
  expect('terms' in read && read.terms.licence).toEqual({ derive: false, freeToDerive: false, commercial: true })
})

test('behavior: what parents require is a floor, and what they do not allow is left out', () => {
  const floors = { price: 30_000_000n, collateral: 0n, fee: 1_000_000n, leakBps: 6000 }
  const licence = { derive: true, freeToDerive: false, commercial: false }
  expect(readTerms(defaultTerms, { floors, licence })).toMatchObject({
    errors: {
      price: { code: 'form.amount-below-floor', facts: { amount: 25_000_000n, floor: 30_000_000n } },
      leak: { code: 'form.percentage-below-floor', facts: { bps: 5000, floorBps: 6000 } },
    },
  })
  const read = readTerms({ ...defaultTerms, price: '30', leak: '60' }, { floors, licence })
  expect('terms' in read && read.terms.licence).toEqual(licence)
})
