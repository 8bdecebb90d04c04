import { expect, test } from 'vitest'
import { formatSeconds, formatUtc } from './moments'
import { formatDate, formatDateTime, formatDuration } from './times'

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

test('default: durations in whole days or hours, otherwise in minutes', () => {
  expect([86_400, 777_600, 3_600, 7_200, 5_400, 600, 61, 60, 1, 0].map(formatDuration)).toEqual([
    '1 day',
    '9 days',
    '1 hour',
    '2 hours',
    '90 minutes',
    '10 minutes',
    '2 minutes',
    '1 minute',
    '1 minute',
    '0 minutes',
  ])
})
