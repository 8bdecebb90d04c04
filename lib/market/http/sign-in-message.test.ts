import { createSiweMessage } from 'viem/siwe'
import { expect, test } from 'vitest'
import { readSignInMessage } from './sign-in-message'

const address = '0x52908400098527886E0F7030069857D2E4169EE7'
const now = Date.UTC(2026, 10, 27, 9, 30)
const expected = { origins: ['https://kinmark.example', 'http://localhost:3000'], chainId: 1, nonce: 'abcdefgh1', now }
const message = (changes: Partial<Parameters<typeof createSiweMessage>[0]> = {}) =>
  createSiweMessage({
    address,
    domain: 'kinmark.example',
    uri: 'https://kinmark.example',
    version: '1',
    chainId: 1,
    nonce: 'abcdefgh1',
    issuedAt: new Date(now - 1000),
    ...changes,
  })

test('default: the account and the domain of a message for this server', () => {
  expect(readSignInMessage(message(), expected)).toEqual({ address, domain: 'kinmark.example' })
  const local = message({ domain: 'localhost:3000', uri: 'http://localhost:3000/models/1' })
  expect(readSignInMessage(local, expected).domain).toBe('localhost:3000')
})

test.each([
  ['of another site', { domain: 'evil.example', uri: 'https://evil.example' }, 'market.sign-in-elsewhere'],
  ['whose uri is of another site', { uri: 'https://evil.example' }, 'market.sign-in-elsewhere'],
  ['whose uri has another scheme', { uri: 'http://kinmark.example' }, 'market.sign-in-elsewhere'],
  ['of one origin with the uri of another', { uri: 'http://localhost:3000' }, 'market.sign-in-elsewhere'],
  ['for another chain', { chainId: 10 }, 'market.sign-in-chain'],
  ['with another nonce', { nonce: 'zzzzzzzz9' }, 'market.sign-in-expired'],
  ['issued a year ago', { issuedAt: new Date(now - 365 * 86_400_000) }, 'market.sign-in-expired'],
  ['issued eleven minutes ago', { issuedAt: new Date(now - 11 * 60_000) }, 'market.sign-in-expired'],
  ['issued in an hour', { issuedAt: new Date(now + 3_600_000) }, 'market.sign-in-expired'],
])('error: a message %s', (_, changes, code) => {
  expect(() => readSignInMessage(message(changes), expected)).toThrow(expect.objectContaining({ code, status: 401 }))
})

test('error: a text that is no sign-in message', () => {
  for (const text of ['', 'Sign here', message().replace('URI: https://kinmark.example', 'URI: nowhere')])
    expect(() => readSignInMessage(text, expected)).toThrow(
      expect.objectContaining({ code: 'market.sign-in-elsewhere' }),
    )
})
