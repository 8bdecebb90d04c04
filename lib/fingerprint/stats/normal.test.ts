import { expect, test } from 'vitest'
import { normalChance } from './normal'

test('the normal distribution at known points, on both sides', () => {
  expect(normalChance(0)).toBeCloseTo(0.5, 6)
  expect(normalChance(1)).toBeCloseTo(0.841344746, 6)
  expect(normalChance(-1)).toBeCloseTo(0.158655254, 6)
  expect(normalChance(1.959963985)).toBeCloseTo(0.975, 6)
  expect(normalChance(-40)).toBe(0)
  expect(normalChance(40)).toBe(1)
})
