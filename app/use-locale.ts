import 'server-only'
import { use } from 'react'
import { defaultLocale, type Locale } from '@/lib/format/locale'
import { readerLocale } from '@/lib/market/http/reader-locale'

/**
 * `#values/use-locale` on the server: what is rendered there alone reaches the browser as text, and its scripts need not
 * format it again.
 */
export const useLocale = (): Locale => use(readerLocale()) ?? defaultLocale
