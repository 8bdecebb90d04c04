import { expect, test } from 'vitest'
import { numberFormat } from './formats'

test('default: a format is made once for a language and its options', () => {
  const german = numberFormat('de', { minimumFractionDigits: 2 })
  expect(numberFormat('de', { minimumFractionDigits: 2 })).toBe(german)
  expect([numberFormat('de'), numberFormat('de-AT', { minimumFractionDigits: 2 })]).not.toContain(german)
  expect(german.format(1234.5)).toBe('1.234,50')
})

test('behavior: formats in ever more languages are forgotten again', () => {
  const first = numberFormat('en-GB')
  for (let i = 0; i < 100; i++) numberFormat('en-GB', { minimumIntegerDigits: 1 + (i % 20), maximumFractionDigits: i })
  expect(numberFormat('en-GB')).not.toBe(first)
  expect(numberFormat('en-GB').format(0.5)).toBe('0.5')
})
