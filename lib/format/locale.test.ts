import { expect, test } from 'vitest'
import { formatUsdc } from './amounts'
import { formatBps, formatShares } from './numbers'
import { formatBytes, formatCount } from './sizes'
import { formatDate, formatDateTime } from './times'

test('behavior: numbers and dates are the reader’s, exact to the unit', () => {
  const de = 'de-u-nu-latn'
  const time = Date.UTC(2026, 10, 27, 9, 30) / 1000
  expect(formatUsdc(18_446_744_073_709_551_615n, de)).toBe('18.446.744.073.709,551615')
  expect(formatUsdc(-12_500_000n, de)).toBe('−12,50')
  expect(formatBytes(3_939_992, de)).toBe('3,9 MB')
  expect(formatCount(1_968_960, 'en-US')).toBe('1.97M')
  expect(formatShares(1_000_000n * 10n ** 18n, de)).toBe('1.000.000')
  expect(formatBps(250, de)).toBe('2,5 %')
  expect([formatDate(time, de), formatDateTime(time, de)]).toEqual(['27.11.2026', '27.11.2026, 09:30 UTC'])
  expect(formatUsdc(1_234_500_000n, 'ar-u-nu-latn')).toMatch(/^1.?234[.,٫]50$/)
})
