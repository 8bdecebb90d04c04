import { numberFormat } from './formats'
import { defaultLocale, type Locale } from './locale'

/** −0.0125 → “−0.013”, 0.5 → “+0.500”. */
export function formatSigned(value: number, decimals: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(decimals)}`
}

/** Tokens per second: “4.2”, from ten on “12”. */
export function formatRate(perSecond: number): string {
  return perSecond.toFixed(perSecond < 10 ? 1 : 0)
}

/** Shares of a model, which have 18 decimals: 10n ** 24n → “1,000,000”. */
export function formatShares(shares: bigint, locale: Locale = defaultLocale): string {
  return numberFormat(locale).format(shares / 10n ** 18n)
}

/** 1000 basis points → “10 %”. */
export function formatBps(bps: number | bigint, locale: Locale = defaultLocale): string {
  return `${numberFormat(locale, { maximumFractionDigits: 2 }).format(Number(bps) / 100)} %`
}
