import { expect, test } from 'vitest'
import { availableActions } from './available-actions'
import { collateralLeft } from './collateral-left'

const clocks = { deliverDeadline: 100, acceptDeadline: 200, answerDeadline: 250, thawEndsAt: 300 }
const money = { collateral: 50n, leakBond: 50n, leakTail: 100 }

test.each([
  ['ordered', true, 100, []],
  ['ordered', false, 101, ['refund']],
  ['delivered', true, 150, ['accept']],
  ['delivered', false, 150, []],
  ['delivered', false, 201, ['accept']],
  ['refused', true, 250, ['accept']],
  ['refused', false, 250, []],
  ['refused', true, 251, ['refund', 'accept']],
  ['refused', false, 251, ['refund']],
  ['defended', true, 250, ['accept']],
  ['defended', false, 250, []],
  ['defended', false, 251, ['accept']],
  ['contested', true, 999, []],
  ['active', true, 0, ['close']],
  ['active', false, 0, []],
  ['closing', true, 299, []],
  ['closing', false, 300, ['withdraw']],
  ['closed', true, 300, []],
  ['closed', true, 302, ['withdraw']],
  ['refunded', false, 999, ['withdraw']],
] as const)('behavior: state %s, buyer %s, time %i: %j', (state, isBuyer, now, actions) => {
  expect(availableActions({ ...clocks, ...money, state }, isBuyer, now)).toEqual(actions)
})

test('behavior: a copy whose collateral has been returned needs no more withdrawals', () => {
  expect(availableActions({ ...clocks, ...money, collateral: 0n, state: 'closed' }, true, 999)).toEqual([])
})

test.each([
  [299, 80n],
  [300, 50n],
  [301, 50n],
  [302, 49n],
  [350, 25n],
  [399, 1n],
  [400, 0n],
])('default: at %i, %i of 80 with a leak bond of 50 are left, rounded up', (now, left) => {
  expect(collateralLeft({ ...money, collateral: 80n, thawEndsAt: 300 }, now)).toBe(left)
})
