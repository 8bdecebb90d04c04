/** Unix seconds → “2026-11-27 09:30:00 UTC”; a number beyond the range of a date is shown as it is. */
export function formatUtc(seconds: bigint | number): string {
  const date = new Date(Number(seconds) * 1000)
  return Number.isNaN(date.getTime()) ? `second ${seconds}` : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })
const minute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })

/** Unix seconds → “27 Nov 2026”. UTC, so that server and browser render the same text. */
export function formatDate(seconds: number): string {
  return day.format(seconds * 1000)
}

/** Unix seconds → “27 Nov 2026, 09:30 UTC”. */
export function formatDateTime(seconds: number): string {
  return `${minute.format(seconds * 1000)} UTC`
}

/** 12.345 → “12.3 s”; below a tenth of a second with three decimals. */
export function formatSeconds(seconds: number): string {
  return `${seconds.toFixed(seconds < 0.1 ? 3 : 1)} s`
}

/** “180 days”, “1 day”, “30 hours” for less than two days. */
export function formatDays(seconds: number): string {
  const days = Math.round(seconds / 86_400)
  return seconds < 2 * 86_400 && seconds !== 86_400 ? formatHours(seconds) : counted(days, 'day')
}

/** “24 hours”, “1 hour”, “30 minutes” for less than an hour. */
export function formatHours(seconds: number): string {
  return seconds < 3_600 ? counted(Math.round(seconds / 60), 'minute') : counted(Math.round(seconds / 3_600), 'hour')
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
