import { expect, test } from 'vitest'
import { formatDate, formatDateTime, formatDays, formatHours, formatSeconds, formatUtc } from './times'

test('default: one moment as a date, to the minute and to the second', () => {
  const at = Date.UTC(2026, 10, 27, 9, 30, 5) / 1000
  expect(formatDate(at)).toBe('27 Nov 2026')
  expect(formatDateTime(at)).toBe('27 Nov 2026, 09:30 UTC')
  expect(formatUtc(at)).toBe('2026-11-27 09:30:05 UTC')
  expect(formatUtc(BigInt(at))).toBe('2026-11-27 09:30:05 UTC')
})

test('behavior: a number beyond the range of a date', () => {
  expect(formatUtc(2n ** 64n)).toBe('second 18446744073709551616')
})

test('default: durations in seconds', () => {
  expect([12.34, 0.1, 0.0123].map(formatSeconds)).toEqual(['12.3 s', '0.1 s', '0.012 s'])
})

test('default: spans in the unit that a person would say', () => {
  expect([180, 1, 2].map((days) => formatDays(days * 86_400))).toEqual(['180 days', '1 day', '2 days'])
  expect(formatDays(30 * 3_600)).toBe('30 hours')
  expect([86_400, 3_600, 1_800, 60].map(formatHours)).toEqual(['24 hours', '1 hour', '30 minutes', '1 minute'])
})
