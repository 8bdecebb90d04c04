import { numberFormat } from './formats'

/** 1000 · 0.57 is slightly below 570. */
const roundingError = 1e-9

/** 0.9921875 → “99.2 %”: rounded down, so that only a whole is shown as 100 %. */
export function formatPercent(part: number): string {
  if (part === 1) return '100 %'
  return `${(Math.floor(1000 * part + roundingError) / 10).toFixed(1)} %`
}

/** 0.0667 → “6.7 %”: rounded to the nearest tenth, for measured figures. */
export function roundedPercent(part: number): string {
  return `${(100 * part).toFixed(1)} %`
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'
const twoDigits = { maximumSignificantDigits: 2, roundingMode: 'floor' } as Intl.NumberFormatOptions

/** 5e-12 → “1 in 200,000,000,000”, 4e-24 → “1 in 10²³”: rounded so that the probability is never understated. */
export function formatOdds(chance: number): string {
  const power = chance > 0 ? Math.floor(-Math.log10(chance)) : 300
  if (power < 12) return `1 in ${numberFormat('en', twoDigits).format(1 / chance)}`
  return `1 in 10${[...String(power)].map((digit) => superscripts[Number(digit)]).join('')}`
}

/** 0.25 → “0.250”, 5e-12 → “5.0e-12”. */
export function formatChance(chance: number): string {
  return chance >= 0.001 ? chance.toFixed(3) : chance.toExponential(1)
}
