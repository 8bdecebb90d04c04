import { dateFormat } from './formats'
import { defaultLocale, type Locale } from './locale'

const date = { dateStyle: 'medium', timeZone: 'UTC' } as const

/** Unix seconds → “27 Nov 2026”. UTC, so that server and browser render the same text. */
export function formatDate(seconds: number, locale: Locale = defaultLocale): string {
  return dateFormat(locale, date).format(seconds * 1000)
}

/** Unix seconds → “27 Nov 2026, 09:30 UTC”. */
export function formatDateTime(seconds: number, locale: Locale = defaultLocale): string {
  return `${dateFormat(locale, { ...date, timeStyle: 'short' }).format(seconds * 1000)} UTC`
}

const units = [
  [86_400, 'day'],
  [3_600, 'hour'],
] as const

/** 600 → “10 minutes”, 86400 → “1 day”: in the largest unit that gives a whole number; minutes are rounded up. */
export function formatDuration(seconds: number): string {
  const [length, unit] = units.find(([length]) => seconds > 0 && seconds % length === 0) ?? [60, 'minute']
  const count = Math.ceil(seconds / length)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
