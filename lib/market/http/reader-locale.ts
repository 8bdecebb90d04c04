import 'server-only'
import { headers } from 'next/headers'
import { cache } from 'react'

/** The language of the browser that asks, for numbers and dates; undefined where it names none that we can format for. */
export const readerLocale = cache((): Promise<string | undefined> => {
  const locale = headers().then((sent) => localeOf(sent.get('accept-language')))
  // React’s `use` reads a promise that says what it holds at once, and nothing of the page has to wait for it.
  locale.then((value) => Object.assign(locale, { status: 'fulfilled', value }))
  return locale
})

/** The first language of an Accept-Language header that this runtime can format for. Always in Latin digits, like our texts. */
export function localeOf(acceptLanguage: string | null): string | undefined {
  for (const part of (acceptLanguage ?? '').slice(0, 200).split(',')) {
    const tag = part.split(';')[0].trim()
    try {
      const [known] = Intl.NumberFormat.supportedLocalesOf(tag)
      if (known) return new Intl.Locale(known.split('-u-')[0], { numberingSystem: 'latn' }).toString()
    } catch {
      // What is no tag at all is passed over, such as “*”.
    }
  }
  return undefined
}
