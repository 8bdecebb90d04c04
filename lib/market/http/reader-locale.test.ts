import { expect, test } from 'vitest'
import { localeOf } from './reader-locale'

test('default: the first language that can be formatted for', () => {
  expect(localeOf('de-AT,de;q=0.9,en;q=0.8')).toBe('de-AT-u-nu-latn')
  expect(localeOf('tlh, *, fr;q=0.5')).toBe('fr-u-nu-latn')
  expect(localeOf('ar-EG-u-nu-arab')).toBe('ar-EG-u-nu-latn')
})

test('behavior: anything else is none', () => {
  for (const header of [null, '', '*', '-,;', 'x'.repeat(5000), '<script>']) expect(localeOf(header)).toBeUndefined()
})
