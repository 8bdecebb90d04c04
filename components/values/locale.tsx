'use client'

import { createContext, use } from 'react'
import { defaultLocale, type Locale } from '@/lib/format/locale'

/** The language of the reader’s browser, for numbers and dates. Provided by `Providers`. */
export const LocaleContext = createContext<Locale>(defaultLocale)

export const useLocale = () => use(LocaleContext)
