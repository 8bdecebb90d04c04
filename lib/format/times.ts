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

/** 12.345 → “12.3 s”; below a tenth of a second with three decimals. */
export function formatSeconds(seconds: number): string {
  return `${seconds.toFixed(seconds < 0.1 ? 3 : 1)} s`
}
