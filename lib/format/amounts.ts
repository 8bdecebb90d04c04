import type { Usdc6 } from '../money/usdc'
import { numberFormat } from './formats'
import { defaultLocale, type Locale } from './locale'

/** 12_500_000n → “12.50”: exact, with at least two decimals. */
export function formatUsdc(amount: Usdc6, locale: Locale = defaultLocale): string {
  const sign = amount < 0n ? '−' : ''
  const units = amount < 0n ? -amount : amount
  const exact = `${units / 1_000_000n}.${(units % 1_000_000n).toString().padStart(6, '0')}`
  // A decimal in a string is formatted exactly, where a number would be rounded (ECMA-402).
  const format = numberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 6 })
  return `${sign}${format.format(exact as `${number}`)}`
}
