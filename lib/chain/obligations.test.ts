import { expect, test } from 'vitest'
import { toModelId } from './ids'
import { inherit, type Obligations } from './obligations'
import { fullLicence, type Terms } from './terms'

const terms: Terms = {
  price: 101n,
  collateral: 200n,
  fee: 3n,
  royaltyBps: 1000,
  floorBps: 5000,
  leakBps: 5000,
  licence: fullLicence,
}
const none: Obligations = {
  lineage: [],
  floors: { price: 0n, collateral: 0n, fee: 0n, leakBps: 0 },
  licence: fullLicence,
}
const [one, two, three] = [1n, 2n, 3n].map(toModelId)

test('default: a child owes its parents and their ancestors, and asks the floors at least', () => {
  const inherited = {
    lineage: [{ id: one, royaltyBps: 500 }],
    floors: { price: 90n, collateral: 10n, fee: 1n, leakBps: 100 },
  }
  expect(inherit([{ id: two, terms, obligations: { ...none, ...inherited } }])).toEqual({
    lineage: [
      { id: one, royaltyBps: 500 },
      { id: two, royaltyBps: 1000 },
    ],
    floors: { price: 90n, collateral: 100n, fee: 2n, leakBps: 2500 },
    licence: fullLicence,
  })
})

test('behavior: an ancestor on two paths counts once, with the larger royalty; one that asks nothing is left out', () => {
  const owing = (royaltyBps: number) => ({ ...none, lineage: [{ id: one, royaltyBps }] })
  const { lineage } = inherit([
    { id: two, terms: { ...terms, royaltyBps: 0 }, obligations: owing(500) },
    { id: three, terms, obligations: owing(700) },
  ])
  expect(lineage).toEqual([
    { id: one, royaltyBps: 700 },
    { id: three, royaltyBps: 1000 },
  ])
})

test('behavior: the licence is what all parents allow, and a model without parents owes nothing', () => {
  const closed = { ...terms, licence: { derive: true, freeToDerive: false, commercial: false } }
  const parents = [closed, terms].map((terms, i) => ({ id: [one, two][i], terms, obligations: none }))
  expect(inherit(parents).licence).toEqual(closed.licence)
  expect(inherit([])).toEqual(none)
})
