/** A BCP 47 tag, such as “de-AT”. Our texts are English; their numbers and dates are the reader’s. */
export type Locale = string

export const defaultLocale: Locale = 'en-GB'
