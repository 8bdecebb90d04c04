import { expect, test } from 'vitest'
import { isParentPicks, isTermsForm } from './stored-form'
import { defaultTerms } from './terms-form'

const pick = { id: '3', relation: 'merge', copyId: null }

test('default: what this version stores is read again', () => {
  expect(isTermsForm(JSON.parse(JSON.stringify(defaultTerms)))).toBe(true)
  expect(isParentPicks([pick, { ...pick, id: '4', copyId: '9' }])).toBe(true)
})

test.each([null, 5, 'x', [], {}, { ...defaultTerms, price: null }, { ...defaultTerms, derive: 'yes' }])(
  'error: %j is no form, and does not break the page',
  (value) => expect(isTermsForm(value)).toBe(false),
)

test.each([null, {}, 'x', [null], [5], [{ ...pick, id: -1 }], [{ ...pick, relation: 'friend' }], Array(99).fill(pick)])(
  'error: %j are no parents, and do not break the page',
  (value) => expect(isParentPicks(value)).toBe(false),
)
