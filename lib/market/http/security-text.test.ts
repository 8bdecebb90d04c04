import { expect, test } from 'vitest'
import { readEnv } from '../../env'
import { securityText } from './security-text'

test('default: contact, expiry and address, as RFC 9116 has them', () => {
  const env = readEnv({
    KINMARK_ORIGIN: 'https://kinmark.example',
    KINMARK_SECURITY_CONTACT: 'mailto:security@kinmark.example',
  })
  expect(securityText(env, Date.UTC(2026, 0, 1))).toBe(
    [
      'Contact: mailto:security@kinmark.example',
      'Expires: 2026-06-30T00:00:00.000Z',
      'Preferred-Languages: en',
      'Canonical: https://kinmark.example/.well-known/security.txt',
      '',
    ].join('\n'),
  )
})

test('behavior: without a contact there is none', () => {
  expect(securityText(readEnv({}))).toBeNull()
})
