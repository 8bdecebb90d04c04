import { keccak256 } from 'viem'
import { expect, test } from 'vitest'
import { buyerSeedHash } from './order'

test('default: keccak256 of the seed', () => {
  const seed = `0x${'07'.repeat(32)}` as const
  expect(buyerSeedHash(seed)).toBe(keccak256(seed))
})

test.each([31, 33])('error: a seed of %i bytes', (bytes) => {
  expect(() => buyerSeedHash(`0x${'07'.repeat(bytes)}`)).toThrow(
    expect.objectContaining({ code: 'chain.buyer-seed-length', facts: { bytes } }),
  )
})
