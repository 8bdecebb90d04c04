/** Unix seconds → “2026-11-27 09:30:00 UTC”; a number beyond the range of a date is shown as it is. */
export function formatUtc(seconds: bigint | number): string {
  const date = new Date(Number(seconds) * 1000)
  return Number.isNaN(date.getTime()) ? `second ${seconds}` : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** 12.345 → “12.3 s”; below a tenth of a second with three decimals. */
export function formatSeconds(seconds: number): string {
  return `${seconds.toFixed(seconds < 0.1 ? 3 : 1)} s`
}
