import { expect, test } from 'vitest'
import { expOfNegative } from './exp'

test('e^x of zero and below, as Math.exp has it', () => {
  expect(expOfNegative(0)).toBe(1)
  for (let x = -1e-9; x > -700; x *= 1.01) expect(Math.abs(expOfNegative(x) / Math.exp(x) - 1)).toBeLessThan(1e-11)
})

test('behavior: what underflows is 0, what is no number stays none', () => {
  expect(expOfNegative(-701)).toBe(0)
  expect(expOfNegative(Number.NEGATIVE_INFINITY)).toBe(0)
  expect(expOfNegative(Number.NaN)).toBeNaN()
})
