import { expect, test } from 'vitest'
import { firstTerms, readTerms } from './terms-form'

test('default: what is typed becomes terms, to the unit', () => {
  expect(readTerms({ ...firstTerms, price: '40.000001' })).toEqual({
    terms: {
      price: 40_000_001n,
      collateral: 50_000_000n,
      fee: 1_000n,
      royaltyBps: 1000,
      licence: { derive: true, freeToDerive: true, commercial: true },
    },
  })
})

test('error: each field that cannot be used has its sentence', () => {
  expect(readTerms({ ...firstTerms, price: 'free', royalty: '60' })).toEqual({
    errors: {
      price: '“free” is not an amount in USDC: use digits with at most six decimals, as in 12.50.',
      royalty: '60 % is more than the 50 % allowed.',
    },
  })
})

test('behavior: free to derive means nothing where deriving is not allowed', () => {
  const read = readTerms({ ...firstTerms, derive: false })
  expect('terms' in read && read.terms.licence).toEqual({ derive: false, freeToDerive: false, commercial: true })
})
