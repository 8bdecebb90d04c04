import { expect, test } from 'vitest'
import { availableActions } from './available-actions'

const clocks = { deliverDeadline: 100, acceptDeadline: 200, thawEndsAt: 300 }

test.each([
  ['ordered', true, 100, []],
  ['ordered', false, 101, ['refund']],
  ['delivered', true, 150, ['accept']],
  ['delivered', false, 150, []],
  ['delivered', false, 201, ['accept']],
  ['active', true, 0, ['close']],
  ['active', false, 0, []],
  ['closing', true, 299, []],
  ['closing', false, 300, ['withdraw']],
  ['closed', true, 999, []],
  ['refunded', true, 999, []],
  ['slashed', true, 999, []],
] as const)('behavior: state %s, buyer %s, time %i: %j', (state, isBuyer, now, actions) => {
  expect(availableActions({ ...clocks, state }, isBuyer, now)).toEqual(actions)
})
