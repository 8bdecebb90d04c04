import { keccak256, toHex } from 'viem'
import { expect, test } from 'vitest'
import { targetOf } from './case'

test('default: an address is hashed, a root is taken as it is', () => {
  expect(targetOf('https://stranger.example/v1')).toBe(keccak256(toHex('https://stranger.example/v1')))
  const root = keccak256(toHex('files'))
  expect(targetOf(root)).toBe(root)
})
