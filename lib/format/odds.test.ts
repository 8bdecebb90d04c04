import { expect, test } from 'vitest'
import { formatBps } from './numbers'
import { formatChance, formatOdds, formatPercent, roundedPercent } from './odds'

test.each([
  [1, '100 %'],
  [0.9999, '99.9 %'],
  [0.9921875, '99.2 %'],
  [0.57, '57.0 %'],
  [0, '0.0 %'],
])('behavior: only a whole is shown as 100 %%: %d as %s', (part, text) => {
  expect(formatPercent(part)).toBe(text)
})

test.each([
  [0.004, '1 in 250'],
  [1 / 3, '1 in 3'],
  [5.1e-12, '1 in 190,000,000,000'],
  [4e-24, '1 in 10²³'],
  [0, '1 in 10³⁰⁰'],
])('behavior: odds are never shown longer than they are: %d as %s', (chance, text) => {
  expect(formatOdds(chance)).toBe(text)
})

test('default: basis points', () => {
  expect(formatBps(1250)).toBe('12.5 %')
})

test('default: rounded shares and small probabilities', () => {
  expect([0.0667, 0.9999, 1].map(roundedPercent)).toEqual(['6.7 %', '100.0 %', '100.0 %'])
  expect([0.25, 5e-12, 0].map(formatChance)).toEqual(['0.250', '5.0e-12', '0.0e+0'])
})
