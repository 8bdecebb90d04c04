import { expect, test } from 'vitest'
import { defaultTerms, readTerms } from './terms-form'

test('default: valid input becomes terms, exact to the unit', () => {
  expect(readTerms({ ...defaultTerms, price: '40.000001' })).toEqual({
    terms: {
      price: 40_000_001n,
      collateral: 50_000_000n,
      fee: 1_000n,
      royaltyBps: 1000,
      licence: { derive: true, freeToDerive: true, commercial: true },
    },
  })
})

test('error: each invalid field has its own error', () => {
  expect(readTerms({ ...defaultTerms, price: 'free', royalty: '60' })).toMatchObject({
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

test('behavior: free to derive is off where deriving is not allowed', () => {
  const read = readTerms({ ...defaultTerms, derive: false })
  expect('terms' in read && read.terms.licence).toEqual({ derive: false, freeToDerive: false, commercial: true })
})
