import { numberFormat } from './formats'
import { defaultLocale, type Locale } from './locale'

const units = ['bytes', 'kB', 'MB', 'GB', 'TB']

/** 3_939_992 → “3.9 MB”. */
export function formatBytes(bytes: number, locale: Locale = defaultLocale): string {
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const digits = power === 0 ? 0 : 1
  const format = numberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: false,
  })
  return `${format.format(bytes / 1000 ** power)} ${units[power]}`
}

/** 1_968_960 → “1.97M”. */
export function formatCount(count: number, locale: Locale = 'en'): string {
  return numberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3 }).format(count)
}
