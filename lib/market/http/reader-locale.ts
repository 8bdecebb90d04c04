import 'server-only'
import { headers } from 'next/headers'

/** The language of the browser that asks, for numbers and dates; undefined where it names none that we can format for. */
export async function readerLocale(): Promise<string | undefined> {
  return localeOf((await headers()).get('accept-language'))
}

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
