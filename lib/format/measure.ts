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

/** 0.9921875 → “99.2 %”; only a whole is called 100 %. */
export function formatPercent(part: number): string {
  if (part === 1) return '100 %'
  return `${(Math.floor(part * 1000) / 10).toFixed(1)} %`
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'
const odds = new Intl.NumberFormat('en', {
  maximumSignificantDigits: 2,
  roundingMode: 'floor',
} as Intl.NumberFormatOptions)

/** 5e-12 → “1 in 200,000,000,000”, 4e-24 → “1 in 10²³”: never smaller than the chance itself. */
export function formatOdds(chance: number): string {
  const power = chance > 0 ? Math.floor(-Math.log10(chance)) : 300
  if (power < 12) return `1 in ${odds.format(1 / chance)}`
  return `1 in 10${[...String(power)].map((digit) => superscripts[Number(digit)]).join('')}`
}

/** 1000 → “10 %”. */
export function formatBps(bps: number): string {
  return `${bps / 100} %`
}
