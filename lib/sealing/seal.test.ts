import { expect, test } from 'vitest'
import { deriveKey, seal, unseal } from './seal'

test('behavior: sealed bytes open with their key and name only, and unchanged', () => {
  const key = deriveKey(new Uint8Array(32), 'model 1')
  const sealed = seal(key, 'seed', Buffer.from('secret'))
  expect(Buffer.from(unseal(key, 'seed', sealed)).toString()).toBe('secret')
  expect(Buffer.from(sealed).toString('latin1')).not.toContain('secret')
  const fails = (name: string) => expect.objectContaining({ code: 'storage.unseal-failed', facts: { name } })
  expect(() => unseal(key, 'codeword', sealed)).toThrow(fails('codeword'))
  expect(() => unseal(deriveKey(new Uint8Array(32), 'model 2'), 'seed', sealed)).toThrow(fails('seed'))
  sealed[sealed.length - 1] ^= 1
  expect(() => unseal(key, 'seed', sealed)).toThrow(fails('seed'))
  expect(() => unseal(key, 'seed', sealed.subarray(0, 5))).toThrow(fails('seed'))
})
