import { expect, test } from 'vitest'
import { derive, modelSecret, uint32 } from './secrets'

test('behavior: other purposes and other lists of parts give other bytes', () => {
  const secret = new Uint8Array(32).fill(9)
  const one = derive(secret, 'salt', [uint32(1), uint32(2)], 16)
  expect(derive(secret, 'salt', [uint32(1, 2)], 16)).not.toEqual(one)
  expect(derive(secret, 'codeword', [uint32(1), uint32(2)], 16)).not.toEqual(one)
  expect(modelSecret(secret, 'model 1')).not.toEqual(modelSecret(secret, 'model 2'))
})

test('error: a secret that has not 32 bytes', () => {
  expect(() => modelSecret(new Uint8Array(16), 'x')).toThrow(
    expect.objectContaining({ code: 'fingerprint.secret-length', facts: { length: 16 } }),
  )
})
