import type { Locale } from './locale'

/** Anybody may name a language, so no more formats of a kind than this are kept. */
const most = 64

/** Makes each format once: a phone takes some ten milliseconds for one. */
function kept<Options extends object, Format>(make: (locale: Locale, options: Options) => Format) {
  const formats = new Map<string, Format>()
  return (locale: Locale, options = {} as Options): Format => {
    const key = `${locale} ${JSON.stringify(options)}`
    const known = formats.get(key)
    if (known) return known
    if (formats.size === most) formats.clear()
    const format = make(locale, options)
    formats.set(key, format)
    return format
  }
}

/** The format of numbers in a language. */
export const numberFormat = kept(
  (locale: Locale, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options),
)

/** The format of dates in a language. */
export const dateFormat = kept(
  (locale: Locale, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options),
)
