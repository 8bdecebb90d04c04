import { expect, test } from 'vitest'
import { shortAddress } from './addresses'
import { formatSeconds, formatSigned } from './figures'
import { shortHash } from './hashes'
import { formatRate, formatShares } from './numbers'
import { formatDate, formatDateTime, formatUtc } from './times'

test.each([
  [0.5, '+0.500'],
  [0, '+0.000'],
  [-0.0126, '−0.013'],
])('default: %d with its sign reads %s', (value, text) => {
  expect(formatSigned(value)).toBe(text)
})

test('default: rates, shares and seconds', () => {
  expect(formatRate(4.24)).toBe('4.2')
  expect(formatRate(12.3)).toBe('12')
  expect(formatShares(10n ** 24n)).toBe('1,000,000')
  expect(formatSeconds(12.34)).toBe('12.34 s')
})

test('default: one moment as a date, to the minute and to the second', () => {
  const at = Date.UTC(2026, 10, 27, 9, 30, 5) / 1000
  expect(formatDate(at)).toBe('27 Nov 2026')
  expect(formatDateTime(at)).toBe('27 Nov 2026, 09:30 UTC')
  expect(formatUtc(at)).toBe('2026-11-27 09:30:05 UTC')
})

test('default: addresses and hashes are shortened', () => {
  expect(shortAddress('0x52908400098527886E0F7030069857D2E4169EE7')).toBe('0x5290…9EE7')
  expect(shortHash(`0x86c8f4a2${'0'.repeat(56)}`)).toBe('0x86c8f4a2…')
})
