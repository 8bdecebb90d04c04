import { expect, test } from 'vitest'
import { formatBps, formatOdds, formatPercent } from './odds'
import { formatBytes } from './sizes'

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [3_939_992, '3.9 MB'],
  [1.5e12, '1.5 TB'],
])('default: %i bytes read %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test.each([
  [1, '100 %'],
  [0.9999, '99.9 %'],
  [0.9921875, '99.2 %'],
  [0, '0.0 %'],
])('behavior: only a whole is called 100 %%: %d reads %s', (part, text) => {
  expect(formatPercent(part)).toBe(text)
})

test.each([
  [0.004, '1 in 250'],
  [1 / 3, '1 in 3'],
  [5.1e-12, '1 in 190,000,000,000'],
  [4e-24, '1 in 10²³'],
  [0, '1 in 10³⁰⁰'],
])('behavior: odds are never made longer than they are: %d reads %s', (chance, text) => {
  expect(formatOdds(chance)).toBe(text)
})

test('default: basis points', () => {
  expect(formatBps(1250)).toBe('12.5 %')
})
