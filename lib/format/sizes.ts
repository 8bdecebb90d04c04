const units = ['bytes', 'kB', 'MB', 'GB', 'TB']

/** 3_939_992 → “3.9 MB”. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  return power === 0 ? `${bytes} bytes` : `${(bytes / 1000 ** power).toFixed(1)} ${units[power]}`
}

const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })

/** 1_968_960 → “1.97M”. */
export function formatCount(count: number): string {
  return short.format(count)
}
