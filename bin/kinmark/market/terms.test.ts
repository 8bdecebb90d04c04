import { expect, test } from 'vitest'
import { parentsOf, termsOf } from './terms'

test('default: what is not given is as on the publish page', () => {
  expect(termsOf({ price: '25', collateral: '50' })).toEqual({
    ...{ price: 25_000_000n, collateral: 50_000_000n, fee: 1_000_000n, royaltyBps: 1000, floorBps: 0, leakBps: 5000 },
    licence: { derive: true, freeToDerive: true, commercial: true },
  })
  const strict = { 'no-derive': true, 'no-commercial': true }
  expect(termsOf({ price: '0,5', collateral: '0', royalty: '2.5', ...strict })).toMatchObject({
    ...{ price: 500_000n, collateral: 0n, royaltyBps: 250 },
    licence: { derive: false, freeToDerive: false, commercial: false },
  })
})

test('default: parents with their relation, and the copy that lets their holder derive', () => {
  expect(parentsOf({})).toEqual([])
  expect(parentsOf({ parents: '1, 5:merge,7:finetune:12' })).toEqual([
    { id: '1', relation: 'finetune', copyId: undefined },
    { id: '5', relation: 'merge', copyId: undefined },
    { id: '7', relation: 'finetune', copyId: '12' },
  ])
})

test.each([
  [{ collateral: '1' }, 'cli.option-missing'],
  [{ price: '1' }, 'cli.option-missing'],
  [{ price: '-1', collateral: '1' }, 'form.usdc-invalid'],
  [{ price: '99999999999999', collateral: '1' }, 'form.amount-above-max'],
  [{ price: '1', collateral: '1', royalty: '90' }, 'form.percentage-above-max'],
])('error: %o', (values, code) => {
  expect(() => termsOf(values)).toThrow(expect.objectContaining({ code }))
})

test.each(['x', '1:sister', '1:merge:x', '-1', '1::'])('error: the parent “%s”', (parents) => {
  expect(() => parentsOf({ parents })).toThrow(expect.objectContaining({ code: 'cli.parent-invalid' }))
})
