/** 0.9921875 → “99.2 %”; only a whole is called 100 %. */
export function formatPercent(part: number): string {
  if (part === 1) return '100 %'
  return `${(Math.floor(1000 * part + 1e-9) / 10).toFixed(1)} %`
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

/** 1000 basis points → “10 %”. */
export function formatBps(bps: number | bigint): string {
  return `${Number(bps) / 100} %`
}
